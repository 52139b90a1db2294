using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Symbolic.Runtime;

/// <summary>
/// SHA-256 (FIPS 180-4) of what is appended. Up to a megabyte it is computed here: the framework's loads OpenSSL, which takes a process 6 MB and some
/// milliseconds, as much as the rest of a start from the cache. Longer texts, those with weights in them, are worth that.
/// </summary>
internal sealed class Digest : IDisposable
{
    /// <summary>Bytes of a hash.</summary>
    public const int Bytes = 32;

    private const int Block = 64;
    private const int Short = 1 << 20;

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
    private static readonly uint[] roots =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private byte[] kept = new byte[4096];
    private int length;
    private IncrementalHash? framework;

    /// <summary>The hash of some bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes) => bytes.Length > Short ? SHA256.HashData(bytes) : OfShort(bytes);

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (framework is null && (long)length + bytes.Length > Short)
        {
            framework = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            framework.AppendData(kept.AsSpan(0, length));
        }
        if (framework is not null)
        {
            framework.AppendData(bytes);
            return;
        }
        if (length + bytes.Length > kept.Length)
        {
            Array.Resize(ref kept, Math.Max(2 * kept.Length, length + bytes.Length));
        }
        bytes.CopyTo(kept.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>The hash of all that was appended.</summary>
    public byte[] Finish() => framework is null ? OfShort(kept.AsSpan(0, length)) : framework.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => framework?.Dispose();

    /// <summary>The hash, computed here whatever the length.</summary>
    internal static byte[] OfShort(ReadOnlySpan<byte> bytes)
    {
        Span<uint> state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        int whole = bytes.Length / Block * Block;
        Add(state, bytes[..whole]);
        // A one, zeros, and the number of bits close the last block, or the one after it.
        Span<byte> end = stackalloc byte[2 * Block];
        end.Clear();
        int left = bytes.Length - whole, padded = left + 9 > Block ? 2 * Block : Block;
        bytes[whole..].CopyTo(end);
        end[left] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(end[(padded - sizeof(long))..], 8L * bytes.Length);
        Add(state, end[..padded]);
        var hash = new byte[Bytes];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), state[i]);
        }
        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> w = stackalloc uint[Block];
        ReadOnlySpan<uint> k = roots;
        for (; blocks.Length >= Block; blocks = blocks[Block..])
        {
            for (int t = 0; t < 16; t++)
            {
                w[t] = BinaryPrimitives.ReadUInt32BigEndian(blocks[(t * sizeof(uint))..]);
            }
            for (int t = 16; t < Block; t++)
            {
                uint x = w[t - 15], y = w[t - 2];
                w[t] = w[t - 16] + w[t - 7] + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3)) + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
            }
            uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
            for (int t = 0; t < Block; t++)
            {
                uint first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + k[t] + w[t];
                uint second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
            }
            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }
}
