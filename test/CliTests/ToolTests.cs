using Symbolic.Cli;
using Symbolic.Cli.Demo.Digits;

namespace Symbolic.Test;

public class ToolTests
{
    [Theory]
    [InlineData("trian", "unknown command 'trian'; there are train, test, time, convert_imageset, convert_mnist_data, compute_image_mean, extract_features, draw, upgrade_net_proto_text, upgrade_net_proto_binary, upgrade_solver_proto_text, demo")]
    [InlineData("tset -model x", "unknown command 'tset'; there are train, test, time, convert_imageset, convert_mnist_data, compute_image_mean, extract_features, draw, upgrade_net_proto_text, upgrade_net_proto_binary, upgrade_solver_proto_text, demo")]
    [InlineData("trai", "unknown command 'trai'; did you mean train?")]
    [InlineData("-solver x", "no command; there are train, test, time, convert_imageset, convert_mnist_data, compute_image_mean, extract_features, draw, upgrade_net_proto_text, upgrade_net_proto_binary, upgrade_solver_proto_text, demo")]
    [InlineData("train -solvr x", "unknown flag '-solvr'; did you mean -solver?")]
    [InlineData("train", "Need a solver definition to train: -solver FILE")]
    [InlineData("train -solver=", "Need a solver definition to train: -solver FILE")]
    [InlineData("train -solver x -weights a -snapshot b", "Give a snapshot to resume training or weights to finetune but not both.")]
    [InlineData("train -solver x -sigint_effect explode", "Invalid signal effect \"explode\" was specified: -sigint_effect takes stop, snapshot or none")]
    [InlineData("train -solver x y", "'y' after train: neither a flag nor the value of one")]
    [InlineData("train -solver x -gpu 0", "-gpu 0: this version computes on the CPU; leave the flag out")]
    [InlineData("train -solver x -gpu all", "-gpu all: this version computes on the CPU; leave the flag out")]
    [InlineData("test", "Need a model definition to score: -model FILE")]
    [InlineData("test -model x", "Need model weights to score: -weights FILE")]
    [InlineData("test -model x -weights y -iterations 0", "-iterations 0: must be at least 1")]
    [InlineData("time", "Need a model definition to time: -model FILE")]
    [InlineData("time -model x -phase train", "-phase train: neither TRAIN nor TEST")]
    [InlineData("time -model x -threads 0", "-threads 0: must be at least 1")]
    [InlineData("demo -data cats", "-data cats: neither 'drawn' nor 'mnist:FOLDER'")]
    public void WrongUsage(string line, string message)
    {
        (int code, string output, string error) = Run(line);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Equal($"symbolic: {message}", error.Split('\n')[^3]);
    }

    [Theory]
    [InlineData("train -solver /nonexistent/solver.prototxt", "/nonexistent/solver.prototxt")]
    [InlineData("test -model /nonexistent/net.prototxt -weights y", "/nonexistent/net.prototxt")]
    [InlineData("time -model /nonexistent/net.prototxt", "/nonexistent/net.prototxt")]
    [InlineData("demo -data mnist:/nonexistent", "/nonexistent")]
    public void FilesThatAreNotThere(string line, string named)
    {
        (int code, _, string error) = Run(line);
        Assert.Equal(1, code);
        Assert.Contains(named, error.Split('\n')[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMistakeInAFileIsShownWithItsPlace()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "net: \"x\"\nbase_lrr: 0.1\n");
            (int code, _, string error) = Run($"train -solver {file}");
            Assert.Equal(1, code);
            Assert.Contains($"{file}:2:1", error, StringComparison.Ordinal);
            Assert.Contains("base_lr", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--help", "symbolic COMMAND [FLAGS]", "-solver FILE")]
    [InlineData("", "symbolic COMMAND [FLAGS]", "-solver FILE")]
    [InlineData("train --help", "symbolic train [FLAGS]", "-sigint_effect EFFECT")]
    [InlineData("demo -help", "symbolic demo [FLAGS]", "-data SOURCE")]
    public void Help(string line, params string[] parts)
    {
        (int code, string output, string error) = Run(line);
        Assert.Equal((0, ""), (code, error));
        Assert.All(parts, part => Assert.Contains(part, output, StringComparison.Ordinal));
    }

    [Fact]
    public void AFlagWithoutEffectIsSaid()
    {
        (_, _, string error) = Run("train -solver /nonexistent/x -phase TEST");
        Assert.Matches(@"(?m)^W\d{4} .*-phase has no effect on train$", error);
        (_, _, error) = Run("train -solver /nonexistent/x -phase TEST -minloglevel 2");
        Assert.DoesNotMatch(@"(?m)^[WI]\d{4} ", error);
    }

    [Fact]
    public void TheDemoTrainsOnTheFilesOfMnist()
    {
        string folder = Directory.CreateTempSubdirectory("symbolic").FullName;
        try
        {
            Write("train", DrawnDigits.Draw(1, 0, 320));
            Write("t10k", DrawnDigits.Draw(1, 320, 200));
            string page = Path.Combine(folder, "page.html");
            (int code, string output, string error) = Run($"demo -data mnist:{folder} -iterations 3 -output {page}");
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("320 digits to train on and 200 to test on", output, StringComparison.Ordinal);
            Assert.Matches(@"(?m)^Test accuracy 0\.\d{4} after 3 steps", output);
            Assert.Contains("<polyline", File.ReadAllText(page), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Write(string part, DigitSet digits)
        {
            byte[] count = [0, 0, (byte)(digits.Count >> 8), (byte)digits.Count];
            File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), [0, 0, 8, 3, .. count, 0, 0, 0, 28, 0, 0, 0, 28, .. digits.Pixels]);
            File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), [0, 0, 8, 1, .. count, .. digits.Labels]);
        }
    }

    private static (int Code, string Output, string Error) Run(string line)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Tool.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
