using System.Security.Cryptography;
using Symbolic.Runtime;

namespace Symbolic.Test;

public sealed class DigestTests
{
    [Fact]
    public void It_is_SHA256()
    {
        var random = new Random(1);
        for (int length = 0; length < 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(SHA256.HashData(bytes), Digest.Of(bytes));
        }
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(3_000_000)]
    public void Parts_hash_as_the_whole(int length)
    {
        var bytes = new byte[length];
        var random = new Random(2);
        random.NextBytes(bytes);
        using var digest = new Digest();
        for (int at = 0; at < length;)
        {
            int part = Math.Min(random.Next(9000), length - at);
            digest.Append(bytes.AsSpan(at, part));
            at += part;
        }
        byte[] expected = SHA256.HashData(bytes);
        Assert.Equal(expected, digest.Finish());
        Assert.Equal(expected, Digest.Of(bytes));
        Assert.Equal(expected, Digest.OfShort(bytes));
    }
}
