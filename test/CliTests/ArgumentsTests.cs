using Symbolic.Cli.CommandLine;

namespace Symbolic.Test;

public class ArgumentsTests
{
    [Theory]
    [InlineData("-solver s.prototxt", "solver", "s.prototxt")]
    [InlineData("--solver s.prototxt", "solver", "s.prototxt")]
    [InlineData("-solver=s.prototxt", "solver", "s.prototxt")]
    [InlineData("--solver=s.prototxt", "solver", "s.prototxt")]
    [InlineData("--solver=a=b", "solver", "a=b")]
    [InlineData("-solver a -solver b", "solver", "b")]
    [InlineData("-solver -x", "solver", "-x")]
    [InlineData("--sigint-effect stop", "sigint_effect", "stop")]
    [InlineData("-solver=", "solver", null)]
    [InlineData("train", "solver", null)]
    public void Text(string line, string name, string? value) => Assert.Equal(value, Read(line).Text(name));

    [Theory]
    [InlineData("", false)]
    [InlineData("-profile", true)]
    [InlineData("--profile", true)]
    [InlineData("-noprofile", false)]
    [InlineData("-profile -noprofile", false)]
    [InlineData("--profile=false", false)]
    [InlineData("--profile=0", false)]
    [InlineData("--profile=YES", true)]
    [InlineData("--profile=t", true)]
    public void Switches(string line, bool value) => Assert.Equal(value, Read(line).Switch("profile"));

    [Fact]
    public void WordsAndFlagsComeInAnyOrder()
    {
        Arguments read = Read("-solver s train -profile x -- -y");
        Assert.Equal(["train", "x", "-y"], read.Others);
        Assert.Equal("s", read.Text("solver"));
        Assert.True(read.Switch("profile"));
        Assert.Equal(["solver", "profile"], read.Given.Select(flag => flag.Name));
    }

    [Fact]
    public void ListsAndNumbers()
    {
        Arguments read = Read("-weights a,b,,c -iterations 7 -level -3");
        Assert.Equal(["a", "b", "c"], read.List("weights"));
        Assert.Empty(read.List("stage"));
        Assert.Equal(7, read.Number("iterations"));
        Assert.Equal(-3, read.Number("level"));
        Assert.Null(read.Number("threads"));
        Assert.Equal(4, read.Number("threads", otherwise: 4, least: 1));
    }

    [Theory]
    [InlineData("-solvr s", "unknown flag '-solvr'; did you mean -solver?")]
    [InlineData("--wieghts=w", "unknown flag '--wieghts=w'; did you mean -weights?")]
    [InlineData("-iteration 3", "unknown flag '-iteration'; did you mean -iterations?")]
    [InlineData("-zzzzzzzz", "unknown flag '-zzzzzzzz'")]
    [InlineData("-nosolver", "unknown flag '-nosolver'; did you mean -solver?")]
    [InlineData("train -solver", "flag '-solver' needs a value: -solver FILE")]
    [InlineData("-iterations ten", "-iterations 'ten': not a whole number")]
    [InlineData("-iterations=99999999999", "-iterations '99999999999': not a whole number")]
    [InlineData("-profile=maybe", "-profile=maybe: neither true nor false")]
    public void Mistakes(string line, string message) => Assert.Equal(message, Assert.Throws<UsageError>(() => Read(line)).Message);

    [Fact]
    public void ANumberBelowTheLeastIsRefused() =>
        Assert.Equal("-iterations 0: must be at least 1", Assert.Throws<UsageError>(() => Read("-iterations 0").Number("iterations", 50, least: 1)).Message);

    private static Arguments Read(string line) => new(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
