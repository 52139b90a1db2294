using System.Diagnostics;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Text from anywhere ends in a program or in an error with its place, soon and without a crash.</summary>
public class IrHostileTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string Head = "symbolic-ir 1\nsize n\n";

    [Theory]
    [InlineData("", "1:1: expected 'symbolic-ir 1'")]
    [InlineData("symbolic-ir 2", "1:1: expected 'symbolic-ir 1'")]
    [InlineData(Head, "3:1: expected 'size', 'count', 'lambda' or 'program'")]
    [InlineData(Head + "size n\n", "3:5: the size n is declared twice")]
    [InlineData(Head + "program {\n  param %p1: f32[n]", "4:11: expected parameter 0: they are numbered in order")]
    [InlineData(Head + "program {\n  param %p0: f33[n]", "4:14: 'f33' is no dtype")]
    [InlineData(Head + "program {\n  param %p0: f32[m]", "4:18: the size m is not declared")]
    [InlineData(Head + "program {\n  param %p0: f32[n\n", "4:18: a size that does not end within 2000 characters")]
    [InlineData(Head + "program {\n  param %p0: f32[-1]\n return %p0 }", "4:14: parameter would yield f32[-1], which has a negative size")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f32[n] = fly(%p0)", "5:16: there is no op fly")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f32[n] = exp(%0)", "5:20: %0 is not defined above")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f64[n] = exp(%p0)", "5:7: declared as f64[n], but exp yields f32[n]")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f32[] = sum(%p0)", "5:18: expected '{'")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f32[] = sum{axis=[0]}(%p0)", "5:19: expected axes of sum")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f32[] = sum{axes=[1]}(%p0)", "5:15: sum wants increasing axes of f32[n]; got [1]")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  %0: f32[n] = callback{action=!0}(%p0)", "5:32: a callback is a C# delegate of the process that printed it, and cannot be read back")]
    [InlineData(Head + "program {\n  %0: f32[2] = constant{value=f32[2] (1, x)}()", "4:42: 'x' is no value of f32")]
    [InlineData(Head + "program {\n  %0: f32[2] = constant{value=f32[9000000000000000000,9] (1)}()", "4:31: ")]
    [InlineData(Head + "program {\n  %0: f32[2] = constant{value=f32[2] base64 \"AA==\"}()", "4:45: 1 bytes for f32[2]")]
    [InlineData(Head + "program {\n  %0: bool[2] = constant{value=bool[2] base64 \"AQI=\"}()", "4:47: a boolean is a byte 0 or 1")]
    [InlineData(Head + "program {\n  %0: i64[] = loop{count=1, body=@0}()", "4:35: lambda @0 is not defined above")]
    [InlineData(Head + "lambda @1 {", "3:9: expected lambda 0: they are numbered in order")]
    [InlineData(Head + "program {\n  return\n}\nprogram", "6:1: expected the end of the text")]
    [InlineData(Head + "program {\n  param %p0: f32[n]\n  return %p0, %p1", "5:15: %p1 is not defined above")]
    [InlineData("symbolic-ir 1\nsize n <= 99999999999999999999", "2:11: expected an integer from 0 to 9223372036854775807")]
    [InlineData("symbolic-ir 1\nsize \"n", "2:6: a name without its closing quote")]
    public void SaysWhatAndWhere(string text, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => IrText.Parse(text));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepAndLongTextEndsSoon()
    {
        string deep = new('(', 100_000), many = string.Join("*", Enumerable.Repeat("(n + m + 1)", 150)), sums = string.Join("*", Enumerable.Repeat("(a+b+c+d+e+f+g+h)", 100));
        string[] texts =
        [
            $"{Head}program {{\n  param %p0: f32[{deep}n",
            $"symbolic-ir 1\nsize n\nsize m\nprogram {{\n  param %p0: f32[{many}]\n  return %p0\n}}",
            $"symbolic-ir 1\n{string.Concat("abcdefgh".Select(c => $"size {c}\n"))}program {{\n  param %p0: f32[{sums}]\n  return %p0\n}}",
            $"{Head}program {{\n  param %p0: f32[{string.Join(",", Enumerable.Repeat("n", 200_000))}]\n  return %p0\n}}",
            $"{Head}program {{\n  %0: f32[1] = transpose{{order=[{string.Join(",", Enumerable.Repeat("0", 500_000))}]}}()\n",
            "symbolic-ir 1" + new string('#', 3_000_000),
            "symbolic-ir 1\nprogram {\n  return " + string.Join(", ", Enumerable.Repeat("%0", 300_000)),
        ];
        foreach (string text in texts)
        {
            var clock = Stopwatch.StartNew();
            Record.Exception(() => IrText.Parse(text));
            output.WriteLine($"{clock.ElapsedMilliseconds} ms: {text[..Math.Min(80, text.Length)].ReplaceLineEndings(" ")}");
            Assert.True(clock.Elapsed.TotalSeconds < 30, $"{text[..Math.Min(80, text.Length)]}... took {clock.Elapsed}");
        }
    }

    [Fact]
    public void ErrorsQuoteNoMoreThanAPerson()
    {
        foreach (string text in new[] { $"{Head}program {{\n  param %p0: {new string('f', 100_000)}[n]", $"{Head}program {{\n  %0: f32[] = {new string('a', 100_000)}()" })
        {
            Assert.True(Assert.Throws<FormatException>(() => IrText.Parse(text)).Message.Length < 1100);
        }
    }

    [Fact]
    public void DamagedTextIsReadOrRefused()
    {
        string[] texts = [.. IrTextTests.All().Select(program => IrText.Print(program.Build()))];
        string[] pieces = [.. texts.SelectMany(text => text.Split([' ', '\n', ','], StringSplitOptions.RemoveEmptyEntries)).Distinct(), "-1", "0", "2147483647", "9223372036854775807", "-9223372036854775808", "n", "%0", "[]", "(", ")", "{", "}", "\"", "#", "nan", "bool", "i8"];
        int read = 0, refused = 0;
        for (int seed = 0; seed < 6_000; seed++)
        {
            var random = new Random(seed);
            string text = texts[random.Next(texts.Length)];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                text = Damaged(text, pieces, random);
            }
            try
            {
                Lambda program = IrText.Parse(text);
                string printed = IrText.Print(program);
                Assert.Equal(printed, IrText.Print(IrText.Parse(printed)));
                read++;
            }
            catch (FormatException error)
            {
                Assert.Matches("^[0-9]+:[0-9]+: ", error.Message);
                refused++;
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {other}\n{text}");
            }
        }
        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    private static string Damaged(string text, string[] pieces, Random random)
    {
        int[] starts = [0, .. Enumerable.Range(0, text.Length).Where(i => i == 0 || !char.IsLetterOrDigit(text[i - 1]) || !char.IsLetterOrDigit(text[i]))];
        int which = random.Next(starts.Length), at = starts[which], end = which + 1 < starts.Length ? starts[which + 1] : text.Length;
        if (text.Length == 0)
        {
            return pieces[random.Next(pieces.Length)];
        }
        return random.Next(4) switch
        {
            0 => text.Remove(at, end - at),
            1 => text.Insert(at, pieces[random.Next(pieces.Length)]),
            2 => text[..at] + pieces[random.Next(pieces.Length)] + text[end..],
            _ => text[..at],
        };
    }
}
