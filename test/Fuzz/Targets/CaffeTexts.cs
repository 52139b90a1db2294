using System.Text;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Solvers;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>A file of Caffe's: errors name it, and begin with the place in it where they know one.</summary>
internal abstract class CaffeTarget : Target
{
    public override bool IsClear(Exception error, string file) =>
        error is PrototxtError or InvalidDataException && error.Message.Contains(file, StringComparison.Ordinal) && error.Message.Length < 4000;
}

/// <summary>Nets as text.</summary>
internal sealed class PrototxtTarget : CaffeTarget
{
    public override string Name => "prototxt";

    public override string Extension => ".prototxt";

    public override bool Takes(string file) => base.Takes(file) && !file.Contains("solver", StringComparison.Ordinal) && !file.Contains("errors", StringComparison.Ordinal);

    public override IEnumerable<byte[]> Own() =>
    [
        Encoding.UTF8.GetBytes("""
            name: "n" # a comment
            input: 'x' input_shape { dim: 2 dim: 3 dim: 8 dim: 8 }
            layer { name: "c" type: "Convolution" bottom: "x" top: "c" param { lr_mult: 1.5e0 } param < lr_mult: 2 decay_mult: -.5e-1f > convolution_param { num_output: 0x4 kernel_size: [3, 3] weight_filler { type: 'xavier' } } }
            layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: MAX kernel_size: 2; stride: 2, } include: { phase: TRAIN stage: "a" 'b' } }
            layer { name: "i" type: "InnerProduct" bottom: "p" top: "i\x41\u00e9\n" inner_product_param { num_output: 5 bias_term: false } loss_weight: [-0.5, .25f] }
            """),
        Encoding.UTF8.GetBytes("layers { name: 'c' type: CONVOLUTION bottom: 'x' top: 'y' blobs_lr: 1 weight_decay: 0 convolution_param { num_output: 2 kernel_size: 3 } }"),
    ];

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Tokens.Damage(valid, other, random);

    public override void Read(string file) => Prototxt.ReadNet(file);
}

/// <summary>Solvers as text.</summary>
internal sealed class SolverTarget : CaffeTarget
{
    public override string Name => "solver";

    public override string Extension => ".prototxt";

    public override bool Takes(string file) => base.Takes(file) && file.Contains("solver.", StringComparison.Ordinal) && !file.Contains("errors", StringComparison.Ordinal);

    public override IEnumerable<byte[]> Own() =>
        [Encoding.UTF8.GetBytes("net_param { name: 'n' } base_lr: 0.01 lr_policy: \"step\" gamma: 0.1 stepsize: 10 max_iter: 100 test_iter: [1, 2] solver_mode: CPU random_seed: -1 type: 'Adam'")];

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Tokens.Damage(valid, other, random);

    public override void Read(string file) => Prototxt.ReadSolver(file);
}

/// <summary>What lies beside a snapshot.</summary>
internal sealed class ResumeTarget : CaffeTarget
{
    public override string Name => "resume";

    public override string Extension => ".resume";

    public override IEnumerable<byte[]> Own()
    {
        using var stream = new MemoryStream();
        new ResumeFile([(0, 0, 6400), (1, 0, 200)], [1.5f, 0.25f], 0.75f, 3, [(0, 7)]).Write(stream);
        return [stream.ToArray()];
    }

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Tokens.Damage(valid, other, random);

    public override void Read(string file) => ResumeFile.Read(file, ModelFiles.Anywhere);
}
