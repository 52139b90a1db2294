namespace Symbolic.Test;

public class ReadmeTests
{
    [Fact]
    public void TheModelLearns()
    {
        string program = Example.In(Repository.Read("README.md"));
        Assert.InRange(program.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 15, 25);
        string[] lines = Example.Run(program).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("step 0: loss 0.", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("right: ", lines[^1], StringComparison.Ordinal);
        Assert.InRange(double.Parse(lines[^1]["right: ".Length..].TrimEnd('%', ' '), System.Globalization.CultureInfo.InvariantCulture), 97, 100);
    }
}
