using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

public sealed class CacheTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("symbolic").FullName, "cache");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void A_hit_gives_the_same_results_without_generating_anything()
    {
        (CompileReport first, float loss, float[] weights) = Train();
        (CompileReport second, float again, float[] weightsAgain) = Train();
        Assert.False(first.FromCache);
        Assert.Null(first.CacheNote);
        Assert.True(second.FromCache);
        Assert.DoesNotContain(second.Phases, phase => phase.Phase is "rewrite" or "generate" or "compile");
        Assert.Equal(loss, again);
        Assert.Equal(weights, weightsAgain);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void Frozen_weights_are_those_of_the_graph_and_not_in_the_entry()
    {
        var options = new CompileOptions { CacheFolder = folder, Freeze = true };
        (bool FromCache, float Result) Run(float weight)
        {
            Expr x = Vector("x", 30_000);
            SharedVariable w = Shared<float>([.. Enumerable.Repeat(weight, 29_999), 1], "w", 30_000);
            using Function f = Function.Compile([x], [(x * w).Sum()], null, options);
            return (f.Report.FromCache, f.Call(Tensor.Of<float>([.. Enumerable.Repeat(1f, 30_000)], 30_000))[0].Item<float>());
        }
        Assert.Equal((false, 60_000 - 1), Run(2));
        Assert.InRange(new FileInfo(Assert.Single(Directory.GetFiles(folder))).Length, 1, 30_000);
        Assert.Equal((true, 60_000 - 1), Run(2));
        Assert.Equal((false, 90_000 - 2), Run(3));
    }

    [Fact]
    public void The_folder_and_its_entries_belong_to_the_owner_alone()
    {
        Train();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(folder)[0]));
        }
    }

    [Fact]
    public void A_folder_that_others_may_write_to_is_not_used()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_101);
        CompileReport report = Train().Report;
        Assert.Contains("others than its owner may write to the cache folder", report.CacheNote, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said_and_not_used()
    {
        File.WriteAllText(folder, "a file");
        CompileReport report = Train().Report;
        Assert.StartsWith("not cached: ", report.CacheNote, StringComparison.Ordinal);
        File.Delete(folder);
    }

    public static TheoryData<string> Damages() => new("empty", "short", "head", "flipped", "long", "zeros");

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damaged_entries_are_made_again(string damage)
    {
        float[] expected = Train().Weights;
        string file = Directory.GetFiles(folder)[0];
        byte[] sound = File.ReadAllBytes(file);
        byte[] damaged = damage switch
        {
            "empty" => [],
            "short" => sound[..(sound.Length / 2)],
            "head" => [.. sound.Select((b, i) => i == 3 ? (byte)(b ^ 1) : b)],
            "flipped" => [.. sound.Select((b, i) => i == sound.Length - 100 ? (byte)(b ^ 1) : b)],
            "long" => [.. sound, 0],
            "zeros" => new byte[sound.Length],
            _ => throw new ArgumentException(damage),
        };
        File.WriteAllBytes(file, damaged);
        (CompileReport report, _, float[] weights) = Train();
        Assert.False(report.FromCache);
        Assert.Equal(expected, weights);
        Assert.Equal(sound.Length, File.ReadAllBytes(file).Length);
        Assert.True(Train().Report.FromCache);
    }

    [Fact]
    public void An_entry_of_another_program_is_refused()
    {
        Train();
        string file = Directory.GetFiles(folder)[0];
        byte[] entry = File.ReadAllBytes(file);
        File.Delete(file);
        Expr x = Vector("x");
        var options = new CompileOptions { CacheFolder = folder };
        Function.Compile([x], [x + 1], null, options).Dispose();
        string other = Directory.GetFiles(folder)[0];
        File.WriteAllBytes(other, entry);
        using Function f = Function.Compile([x], [x + 1], null, options);
        Assert.False(f.Report.FromCache);
        Assert.Equal(3f, f.Call(Tensor.Of<float>([2], 1))[0].ToArray<float>()[0]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("symbolic-plan 1\nbuffer 0 parameter 0 steps 0 0 f32[]\noutputs [7]\ncommit 0\n")]
    [InlineData("symbolic-plan 1\noutputs []\ncommit 0\nlaunch k0 phases 1 buffers [] sizes [] work [0] traffic [0] \"\"\n")]
    public void Entries_that_are_whole_but_wrong_are_made_again(string plan)
    {
        var clock = new CompileClock();
        CacheFolder cache = CacheFolder.Find(folder, clock)!;
        Train();
        string file = Directory.GetFiles(folder)[0];
        var key = CacheKey.FromBytes(KeyIn(File.ReadAllBytes(file)));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), key.Name);
        Assert.Null(cache.Write(key, 3, CacheEntry.Of(plan, [], [], [], [1, 2, 3]).WriteTo));
        CompileReport report = Train().Report;
        Assert.False(report.FromCache);
        Assert.Contains("a cache entry was unreadable and is made again", report.CacheNote, StringComparison.Ordinal);
        Assert.True(Train().Report.FromCache);
    }

    [Fact]
    public void Entries_survive_as_bytes_and_hostile_ones_end_in_an_error()
    {
        Literal own = Literal.Of<float>([1, 2, 3], 3), empty = Literal.Of<long>([], 0, 2), graphs = Literal.Of<float>(new float[5000], 5000);
        var entry = CacheEntry.Of("plan", [own, graphs, empty], [empty, graphs], [1, 0], [9, 8, 7]);
        Assert.Equal([own, empty], entry.Constants);
        Assert.Equal([own, graphs, empty], entry.ConstantsFrom([empty, graphs]));
        Assert.Throws<FormatException>(() => entry.ConstantsFrom([empty]));
        using var stream = new MemoryStream();
        entry.WriteTo(stream);
        byte[] bytes = stream.ToArray();
        stream.Position = 0;
        CacheEntry read = CacheEntry.Read(stream);
        Assert.Equal(entry.Plan, read.Plan);
        Assert.Equal(entry.Constants, read.Constants);
        Assert.Equal(entry.Places, read.Places);
        Assert.Equal(entry.Effects, read.Effects);
        Assert.Equal(entry.Image, read.Image);
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] hostile = [.. bytes];
            hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            hostile[random.Next(hostile.Length)] = 255;
            try
            {
                CacheEntry.Read(new MemoryStream(hostile, 0, random.Next(hostile.Length + 1)));
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public void Programs_too_large_for_an_entry_are_not_kept()
    {
        CacheFolder cache = CacheFolder.Find(folder, new CompileClock())!;
        var key = CacheKey.Of("large");
        const long Most = 256 << 20;
        Assert.Contains("more than an entry holds", cache.Write(key, Most + 1, _ => Assert.Fail("nothing is written")), StringComparison.Ordinal);
        Assert.Contains("more than an entry holds", cache.Write(key, 0, file => file.SetLength(Most + 1024)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Options_constants_and_structure_change_the_key()
    {
        Expr x = Vector("x", "n"), y = Vector("y", "m");
        var options = new CompileOptions { CacheFolder = folder };
        int Entries(Action compile)
        {
            compile();
            return Directory.GetFiles(folder).Length;
        }
        Assert.Equal(1, Entries(() => Function.Compile([x], [x * 2], null, options)));
        Assert.Equal(1, Entries(() => Function.Compile([y], [y * 2], null, options with { Name = "other", Threads = 1, Profile = true })));
        Assert.Equal(2, Entries(() => Function.Compile([x], [x * 3], null, options)));
        Assert.Equal(3, Entries(() => Function.Compile([x], [x * 2], null, options with { VectorBits = 0 })));
        Assert.Equal(4, Entries(() => Function.Compile([x], [x * 2], null, options with { Optimize = false, VectorBits = 0 })));
        Assert.Equal(5, Entries(() => Function.Compile([x, y], [x * 2], null, options)));
        Assert.Equal(6, Entries(() => Function.Compile([x], [x * 2, x * 2], null, options)));
    }

    [Fact]
    public void Effects_of_a_cached_function_are_those_of_the_graph_in_hand()
    {
        var seen = new List<string>();
        Expr x = Vector("x", "n"), y = Vector("y", "n");
        Action<Literal> Note(string name) => _ => seen.Add(name);
        bool Compile(Action<Literal> first, Action<Literal> second)
        {
            seen.Clear();
            using Function f = Function.Compile([x, y], [Callback(x, first) + Callback(y * 2, second)], null, new CompileOptions { CacheFolder = folder });
            f.Call(Tensor.Of<float>([1], 1), Tensor.Of<float>([2], 1));
            return f.Report.FromCache;
        }
        Assert.False(Compile(Note("a"), Note("b")));
        Assert.Equal(["a", "b"], seen);
        Assert.True(Compile(Note("c"), Note("d")));
        Assert.Equal(["c", "d"], seen);
        // Both effects are one delegate: another program, though the same text but for that.
        Action<Literal> both = Note("e");
        Assert.False(Compile(both, both));
        Assert.Equal(["e", "e"], seen);
        Assert.True(Compile(both, both));
        Assert.True(Compile(Note("f"), Note("g")));
        Assert.Equal(["f", "g"], seen);
    }

    [Fact]
    public void Another_process_finds_the_entry()
    {
        string[] cold = SecondProcess.Run("compile", folder).Split('\n'), warm = SecondProcess.Run("compile", folder).Split('\n');
        Assert.StartsWith("False ", cold[0], StringComparison.Ordinal);
        Assert.Equal("True" + cold[0]["False".Length..], warm[0]);
    }

    [Fact]
    public void Long_texts_are_hashed_and_short_ones_kept()
    {
        string text = new('x', 50_000);
        Assert.Equal(2 * text.Length, CacheKey.Of(text).Bytes.Length);
        CacheKey a = CacheKey.Of(text + text + "a"), b = CacheKey.Of(text + text + "b");
        Assert.Equal(32, a.Bytes.Length);
        Assert.NotEqual(a.Bytes, b.Bytes);
        Assert.NotEqual(a.Name, b.Name);
    }

    [Fact]
    public void An_entry_whose_name_is_right_and_whose_key_is_not_is_anothers()
    {
        CacheFolder cache = CacheFolder.Find(folder, new CompileClock())!;
        CacheKey one = CacheKey.Of("one"), two = CacheKey.Of("two"), longer = CacheKey.Of("one more");
        cache.Write(one, [1, 2, 3]);
        foreach (CacheKey other in (CacheKey[])[two, longer])
        {
            // As if both had one hash.
            File.Copy(Path.Combine(folder, one.Name + ".symbolic"), Path.Combine(folder, other.Name + ".symbolic"));
            Assert.Null(cache.Read(other));
        }
        Assert.Equal([1, 2, 3], cache.Read(one));
    }

    /// <summary>The key that stands in an entry, behind its magic word and its hash.</summary>
    private static byte[] KeyIn(byte[] entry) => entry[36..(36 + BitConverter.ToInt32(entry, 32))];

    private (CompileReport Report, float Loss, float[] Weights) Train()
    {
        var model = new Models.Perceptron();
        using Function train = model.Train(new CompileOptions { CacheFolder = folder });
        float loss = train.Call(Models.Perceptron.Batch(8, 1), Models.Perceptron.Labels(8, 1))[0].Item<float>();
        return (train.Report, loss, model.W.Value.ToArray<float>());
    }
}
