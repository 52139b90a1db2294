using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>The text format: what it accepts, what it means, and what is wrong where.</summary>
public class PrototxtTests
{
    [Fact]
    public void ErrorsQuoteNoMoreThanAPersonReads() =>
        Assert.True(Assert.Throws<PrototxtError>(() => Prototxt.Parse<NetParameter>($"{new string('n', 100_000)}: 1", "n.prototxt")).Message.Length < 2100);

    [Theory]
    // Strings: both quotes, joined pieces, escapes, UTF-8.
    [InlineData("name: 'a' \"b\" 'c'", "name: \"abc\"")]
    [InlineData("name: 'say \"hi\"'", "name: \"say \\\"hi\\\"\"")]
    [InlineData(@"name: ""\a\b\f\n\r\t\v\\\?\'\""""", @"name: ""\007\010\014\n\r\t\013\\?\'\""""")]
    [InlineData(@"name: ""\101\x42\X43\7z""", @"name: ""ABC\007z""")]
    [InlineData(@"name: ""\u00e9\U0001F600""", @"name: ""\303\251\360\237\230\200""")]
    [InlineData("name: 'é😀'", @"name: ""\303\251\360\237\230\200""")]
    [InlineData("name: '# no comment'", "name: \"# no comment\"")]
    // Messages, separators, comments, lists.
    [InlineData("state < level: 1 >", "state {\n  level: 1\n}")]
    [InlineData("state: { level: 1; stage: 'a', stage: 'b' };", "state {\n  level: 1\n  stage: \"a\"\n  stage: \"b\"\n}")]
    [InlineData("input_dim: [1, 2,3]", "input_dim: 1\ninput_dim: 2\ninput_dim: 3")]
    [InlineData("input_dim: []", "")]
    [InlineData("input_shape [{ dim: 1 }, < dim: 2 dim: 3 >]", "input_shape {\n  dim: 1\n}\ninput_shape {\n  dim: 2\n  dim: 3\n}")]
    [InlineData("# first\n\tname#second\n:\r\n 'x'# last", "name: \"x\"")]
    [InlineData("", "")]
    // Integers.
    [InlineData("input_dim: 0x1F input_dim: 017 input_dim: -5 input_dim: - 6 input_dim: 0", "input_dim: 31\ninput_dim: 15\ninput_dim: -5\ninput_dim: -6\ninput_dim: 0")]
    [InlineData("input_dim: -2147483648 input_dim: 2147483647", "input_dim: -2147483648\ninput_dim: 2147483647")]
    [InlineData("input_shape { dim: 9223372036854775807 }", "input_shape {\n  dim: 9223372036854775807\n}")]
    // Bools and enums.
    [InlineData("force_backward: true debug_info: 0", "force_backward: true\ndebug_info: false")]
    [InlineData("force_backward: f debug_info: True", "force_backward: false\ndebug_info: true")]
    [InlineData("state { phase: TRAIN }", "state {\n  phase: TRAIN\n}")]
    [InlineData("state { phase: 1 }", "state {\n  phase: TEST\n}")]
    [InlineData("layers { blob_share_mode: [PERMISSIVE, 0] }", "layers {\n  blob_share_mode: PERMISSIVE\n  blob_share_mode: STRICT\n}")]
    public void MeansWhatProtobufSays(string text, string printed)
    {
        NetParameter net = Parse<NetParameter>(text);
        string written = PrototxtWriter.Write(net);
        Assert.Equal(printed, written.TrimEnd('\n'));
        Assert.Equal(net, Parse<NetParameter>(written));
    }

    [Theory]
    [InlineData("1.f", "1")]
    [InlineData("1f", "1")]
    [InlineData(".5", "0.5")]
    [InlineData("- 2.", "-2")]
    [InlineData("1e-05", "1e-05")]
    [InlineData("1E+3F", "1000")]
    [InlineData("1000000", "1e+06")]
    [InlineData("0.1", "0.1")]
    [InlineData("0.100000001", "0.1")]
    [InlineData("16777217", "16777216")]
    [InlineData("0.30000001192092896", "0.3")]
    [InlineData("0.299999952", "0.299999952")]
    [InlineData("inf", "inf")]
    [InlineData("-Infinity", "-inf")]
    [InlineData("NaN", "nan")]
    [InlineData("1e99", "inf")]
    [InlineData("123456789012345678901234567890", "1.23456789e+29")]
    public void NumbersReadAndPrintAsProtobufDoes(string written, string printed) =>
        Assert.Equal($"base_lr: {printed}\n", PrototxtWriter.Write(Parse<SolverParameter>("base_lr: " + written)));

    [Theory]
    [InlineData("name 'x'", "1:6: unexpected '''; expected ':' or '{'")]
    [InlineData("layer { name: 'a' }\n]", "2:1: unexpected ']'; expected the name of a field or the end of the file")]
    [InlineData("layer {\n  name: 'a'\n ]", "3:2: unexpected ']'; expected the name of a field or '}'")]
    [InlineData("layer { name: 'a'", "1:18: the file ends; expected the name of a field or '}'")]
    [InlineData("layer { name: }", "1:15: unexpected '}'; expected a value")]
    [InlineData("input_dim: [1, ]", "1:16: unexpected ']'; expected a value")]
    [InlineData("input_dim: [1 2]", "1:15: unexpected '2'; expected ',' or ']'")]
    [InlineData("state < level: 1 }", "1:18: unexpected '}'; expected the name of a field or '>'")]
    [InlineData("name: 'a\n'", "1:9: a string without its closing quote")]
    [InlineData("name: 'a", "1:9: a string without its closing quote")]
    [InlineData("name: 'a\\q'", "1:9: '\\q' is no escape")]
    [InlineData("name: '\\777'", "1:8: an escape of value 511 is no character")]
    [InlineData("name: '\\uD800'", "1:8: an escape of value 55296 is no character")]
    [InlineData("name: '\\377'", "1:7: the string of 'name' is not UTF-8")]
    [InlineData("input_dim: 20x", "1:14: the number '20' runs into 'x'")]
    [InlineData("input_dim: 1.2.3", "1:15: the number '1.2' runs into '.'")]
    [InlineData("input_dim: 089", "1:12: 'input_dim' wants an integer of 32 bits, not 089")]
    [InlineData("input_dim: 1.5", "1:12: 'input_dim' wants an integer of 32 bits, not 1.5")]
    [InlineData("input_dim: 2147483648", "1:12: 'input_dim' wants an integer of 32 bits, not 2147483648")]
    [InlineData("input_dim: 'a'", "1:12: 'input_dim' wants an integer of 32 bits, not a string")]
    [InlineData("input_dim: 99999999999999999999999999999999999999999999", "1:12: 'input_dim' wants an integer of 32 bits, not 99999999999999999999999999999999999999999999")]
    [InlineData("input_dim [1]", "1:1: 'input_dim' needs ':' before its value")]
    [InlineData("name: ['a']", "1:7: 'name' wants a string in quotes, not a list: it has one value")]
    [InlineData("name: a", "1:7: 'name' wants a string in quotes, not a")]
    [InlineData("state: 1", "1:8: 'state' is a message; write its fields between '{' and '}'")]
    [InlineData("force_backward: 2", "1:17: 'force_backward' wants true or false, not 2")]
    [InlineData("state { phase: TESTING }", "1:16: 'phase' wants TRAIN or TEST, not TESTING")]
    [InlineData("state { phase: TESTS }", "1:16: 'phase' wants TRAIN or TEST, not TESTS; did you mean 'TEST'?")]
    [InlineData("layer {\n  relu_paramm { } }", "2:3: LayerParameter has no field 'relu_paramm'; did you mean 'relu_param'?")]
    [InlineData("layer { quantum: 1 }", "1:9: LayerParameter has no field 'quantum'")]
    [InlineData("name: 'a'\nname: 'b'", "2:1: 'name' is given a second time, and NetParameter has only one (first in line 1)")]
    [InlineData("state { }\nstate { }", "2:1: 'state' is given a second time, and NetParameter has only one (first in line 1)")]
    [InlineData("layer { inner_product_param { num_output: -1 } }", "1:43: 'num_output' wants a nonnegative integer of 32 bits, not -1")]
    [InlineData("layer { clip_param { min: 1 } }", "1:9: ClipParameter needs the field 'max'")]
    public void ErrorsSayWhatIsWrongWhere(string text, string message)
    {
        PrototxtError error = Assert.Throws<PrototxtError>(() => Parse<NetParameter>(text));
        Assert.Equal("net.prototxt:" + message, error.Message);
    }

    [Theory]
    [InlineData("base_lr: 0x10", "1:10: 'base_lr' wants a number, not 0x10")]
    [InlineData("base_lr: 010", "1:10: 'base_lr' wants a number, not 010")]
    [InlineData("base_lr: abc", "1:10: 'base_lr' wants a number, not abc")]
    [InlineData("base_lrr: 1", "1:1: SolverParameter has no field 'base_lrr'; did you mean 'base_lr'?")]
    public void SolverErrorsSayWhatIsWrongWhere(string text, string message) =>
        Assert.Equal("net.prototxt:" + message, Assert.Throws<PrototxtError>(() => Parse<SolverParameter>(text)).Message);

    [Fact]
    public void EverythingKeepsItsPlace()
    {
        PrototxtDocument<NetParameter> document = Prototxt.Parse<NetParameter>("""
            name: 'net'
            layer {
              name: 'conv' bottom: 'a'
              bottom: ['b',
                'c']
              convolution_param { num_output: 3 }
            }
            """, "net.prototxt");
        LayerParameter layer = document.Message.Layer[0];
        PrototxtPlaces places = document.Places;
        Assert.Equal("net.prototxt:2:1", places.Of(layer).ToString());
        Assert.Equal("net.prototxt:1:1", places.Of(document.Message, "name").ToString());
        Assert.Equal("net.prototxt:2:1", places.Of(document.Message, "layer", 0).ToString());
        Assert.Equal("net.prototxt:3:16", places.Of(layer, "bottom", 0).ToString());
        Assert.Equal("net.prototxt:4:12", places.Of(layer, "bottom", 1).ToString());
        Assert.Equal("net.prototxt:5:5", places.Of(layer, "bottom", 2).ToString());
        Assert.Equal("net.prototxt:6:23", places.Of(layer.ConvolutionParam, "num_output").ToString());
        Assert.Equal("net.prototxt:6:3", places.Of(layer.ConvolutionParam, "kernel_h").ToString());

        LayerParameter copy = layer.Clone();
        Assert.Null(places.Of(copy));
        Assert.Equal("net.prototxt: no place", places.Error(copy, "no place").Message);
        places.Carry(layer, copy);
        Assert.Equal("net.prototxt:3:3: bad name", places.Error(copy, "name", "bad name").Message);
    }

    [Theory]
    [InlineData('{', '}')]
    [InlineData('<', '>')]
    public void NestingIsCountedBeforeParsing(char open, char close)
    {
        // Solvers hold nets, but no message of Caffe's holds itself: the field names are wrong on purpose.
        string Nested(int depth) => string.Concat(Enumerable.Repeat($"layer{open}", depth)) + "'}" + string.Concat(Enumerable.Repeat(close, depth));
        Assert.Contains("nested more than 100 deep", Assert.Throws<PrototxtError>(() => Parse<NetParameter>(Nested(101))).Message, StringComparison.Ordinal);
        Assert.Contains("nested more than 100 deep", Assert.Throws<PrototxtError>(() => Parse<NetParameter>(Nested(400_000 / 6))).Message, StringComparison.Ordinal);
        // At 100 the grammar is asked, and a failure in the depth costs no more than the way there.
        Stopwatch clock = Stopwatch.StartNew();
        Assert.DoesNotContain("nested", Assert.Throws<PrototxtError>(() => Parse<NetParameter>(Nested(100))).Message, StringComparison.Ordinal);
        Assert.True(clock.ElapsedMilliseconds < 2000, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void BracesInStringsAndCommentsDoNotNest()
    {
        string text = string.Concat(Enumerable.Repeat("# {{{ \" '\ninput: '{{{' input: \"\\\"{\"\n", 100));
        Assert.Equal(200, Parse<NetParameter>(text).Input.Count);
    }

    [Fact]
    public void TooMuchTextIsRefused()
    {
        string text = new(' ', (1 << 20) + 1);
        Assert.Equal("net.prototxt: has 1048577 characters; a prototxt of more than 1048576 is refused",
            Assert.Throws<PrototxtError>(() => Parse<NetParameter>(text)).Message);
        Assert.Equal(0, Parse<NetParameter>(text[1..]).CalculateSize());
    }

    [Fact]
    public void AMegabyteParsesInLinearTime()
    {
        const string Layer = "layer { name: \"conv1\" type: 'Convolution' bottom: \"data\" top: \"conv1\" param { lr_mult: 1 } convolution_param { num_output: 20 kernel_size: 5 stride: 1 weight_filler { type: \"xavier\" } } } # one\n";
        Parse<NetParameter>(Layer);
        long Milliseconds(int length)
        {
            string text = string.Concat(Enumerable.Repeat(Layer, length / Layer.Length));
            long best = long.MaxValue;
            for (int i = 0; i < 3; i++)
            {
                Stopwatch clock = Stopwatch.StartNew();
                Assert.Equal(length / Layer.Length, Parse<NetParameter>(text).Layer.Count);
                best = Math.Min(best, clock.ElapsedMilliseconds);
            }
            return best;
        }
        long eighth = Milliseconds(1 << 17), whole = Milliseconds(1 << 20);
        // Eight times the text; quadratic would be 64 times the time. Other work on the machine must not fail the test.
        Assert.True(whole < (32 * eighth) + 1000, $"128 KB took {eighth} ms, 1 MB {whole} ms");
        Assert.True(whole < 10_000, $"1 MB took {whole} ms");
    }

    [Fact]
    public void NoTextDoesWorseThanAnError()
    {
        const string Seed = "layer { name: \"a\\n\" bottom: ['b', 'c'] include: < phase: TRAIN > loss_weight: -1.5e3 # x\n blobs { data: [0x1, inf] } }";
        const string Letters = "{}<>[]:;,'\"\\#-.0x9eE \nalayer\u00e9\uD800\0";
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder(Seed);
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Letters[random.Next(Letters.Length)]),
                    _ => text.Remove(at, Math.Min(text.Length - at, random.Next(1, 40))).Append('a'),
                };
            }
            try
            {
                NetParameter net = Parse<NetParameter>(text.ToString());
                Assert.Equal(PrototxtWriter.Write(net), PrototxtWriter.Write(Parse<NetParameter>(PrototxtWriter.Write(net))));
            }
            catch (PrototxtError)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 19_999);
    }

    private static T Parse<T>(string text) where T : IMessage, new() => Prototxt.Parse<T>(text, "net.prototxt").Message;
}
