using System.Diagnostics;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test;

public sealed class TrialTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("symbolic").FullName, "cache");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void A_product_that_is_called_often_is_tried_once_with_the_same_bits_and_remembered()
    {
        using Function function = Product(trials: true);
        Tensor[] inputs = [Numbers(150, 260), Numbers(260, 130)];
        float[] first = function.Call(inputs)[0].ToLiteral().Values<float>().ToArray();
        Assert.EndsWith("by model", Choice(function));
        Assert.Single(Directory.GetFiles(folder));

        Tensor[] outputs = [Tensor.Zeros(DType.Float32, 150, 130)];
        long start = Stopwatch.GetTimestamp();
        while (Choice(function).EndsWith("by model", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(start).TotalSeconds < 60)
        {
            for (int i = 0; i < 100; i++)
            {
                function.Run(inputs, outputs);
            }
        }
        Assert.EndsWith("by trial", Choice(function));
        Assert.Contains(Choice(function), function.Profile.ToString());
        Assert.Equal(first, function.Call(inputs)[0].ToLiteral().Values<float>().ToArray());
        Assert.Equal(2, Directory.GetFiles(folder).Length);

        using Function second = Product(trials: true);
        second.Run(inputs, outputs);
        Assert.Equal(Choice(function), Choice(second));
        using Function off = Product(trials: false);
        Assert.Equal(first, off.Call(inputs)[0].ToLiteral().Values<float>().ToArray());
        Assert.EndsWith("by model", Choice(off));
    }

    [Fact]
    public void What_was_found_is_read_back_with_what_others_found_and_a_damaged_file_is_as_good_as_none()
    {
        CacheFolder found = CacheFolder.Find(folder, new CompileClock())!;
        new ChoiceMemory(found, 2).Add([(UInt128.MaxValue, 7)]);
        var mine = new ChoiceMemory(found, 2);
        new ChoiceMemory(found, 2).Add([(5, 72)]);
        mine.Add([(6, 0)]);
        var read = new ChoiceMemory(found, 2);
        Assert.Equal([7, 72, 0, null], ((UInt128[])[UInt128.MaxValue, 5, 6, 8]).Select(read.Find));
        Assert.Null(new ChoiceMemory(found, 1).Find(5));

        string file = Assert.Single(Directory.GetFiles(folder));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(new ChoiceMemory(found, 2).Find(5));
        // A sound entry of a wrong length.
        Assert.Null(found.Write(CacheKey.OfChoices(2), new byte[18]));
        Assert.Null(new ChoiceMemory(found, 2).Find(0));
    }

    private Function Product(bool trials)
    {
        Expr a = Matrix("a", 150, 260), b = Matrix("b", 260, 130);
        return Function.Compile([a, b], [Dot(a, b)], null, new CompileOptions { CacheFolder = folder, Trials = trials, Profile = true });
    }

    private static string Choice(Function function) => Assert.Single(function.Profile.Kernels).Choice!;

    private static Tensor Numbers(int rows, int columns) => Tensor.Of<float>([.. Enumerable.Range(0, rows * columns).Select(i => MathF.Sin(i))], rows, columns);
}
