using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Symbolic.Peers.Limits;

/// <summary>Loops that do nothing but move memory. Counts are of floats and multiples of 32.</summary>
internal static unsafe class Traffic
{
    /// <summary>Reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Read(float* a, long count)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (long i = 0; i < count; i += 32)
        {
            s0 += Vector256.Load(a + i);
            s1 += Vector256.Load(a + i + 8);
            s2 += Vector256.Load(a + i + 16);
            s3 += Vector256.Load(a + i + 24);
        }
        return Vector256.Sum(s0 + s1 + s2 + s3);
    }

    /// <summary>y = a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Copy(float* a, float* y, long count)
    {
        for (long i = 0; i < count; i += 16)
        {
            Vector256.StoreAligned(Vector256.Load(a + i), y + i);
            Vector256.StoreAligned(Vector256.Load(a + i + 8), y + i + 8);
        }
    }

    /// <summary>y = a by stores that pass the cache by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void CopyPastCache(float* a, float* y, long count)
    {
        for (long i = 0; i < count; i += 16)
        {
            Vector256.StoreAlignedNonTemporal(Vector256.Load(a + i), y + i);
            Vector256.StoreAlignedNonTemporal(Vector256.Load(a + i + 8), y + i + 8);
        }
    }

    /// <summary>y = a + 3·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Triad(float* a, float* b, float* y, long count)
    {
        Vector256<float> three = Vector256.Create(3f);
        for (long i = 0; i < count; i += 16)
        {
            Vector256.StoreAligned(Vector256.Load(a + i) + three * Vector256.Load(b + i), y + i);
            Vector256.StoreAligned(Vector256.Load(a + i + 8) + three * Vector256.Load(b + i + 8), y + i + 8);
        }
    }

    /// <summary>y = a + 3·b by stores that pass the cache by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void TriadPastCache(float* a, float* b, float* y, long count)
    {
        Vector256<float> three = Vector256.Create(3f);
        for (long i = 0; i < count; i += 16)
        {
            Vector256.StoreAlignedNonTemporal(Vector256.Load(a + i) + three * Vector256.Load(b + i), y + i);
            Vector256.StoreAlignedNonTemporal(Vector256.Load(a + i + 8) + three * Vector256.Load(b + i + 8), y + i + 8);
        }
    }
}
