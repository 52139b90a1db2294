namespace Symbolic;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
/// SC11): bits are a function of key and counter, so any element can be drawn alone.
/// </summary>
public static class Philox
{
    /// <summary>The first output word for counter (element, call, draw) under a 64-bit key.</summary>
    public static uint Bits(ulong key, ulong call, ulong draw, ulong element)
    {
        uint c0 = (uint)element, c1 = (uint)(element >> 32), c2 = (uint)call, c3 = (uint)draw;
        uint k0 = (uint)key, k1 = (uint)(key >> 32) + (uint)(call >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return c0;
    }
}
