using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>A compiled program: its plan, constants, effects and machine code. Immutable; shared by all copies of a function.</summary>
internal sealed class ProgramCode
{
    /// <summary>Loads a program.</summary>
    public ProgramCode(Plan plan, Seq<Literal> constants, Seq<EffectOp> effects, byte[] image)
    {
        Plan = plan;
        Constants = [.. constants.Select(Tensor.Over)];
        Effects = effects;
        Image = new KernelImage(plan, image);
        Image.BeginPrepare();
    }

    /// <summary>What it does.</summary>
    public Plan Plan { get; }

    /// <summary>The constant arrays, by number.</summary>
    public Tensor[] Constants { get; }

    /// <summary>The effects, by number.</summary>
    public Seq<EffectOp> Effects { get; }

    /// <summary>The machine code.</summary>
    public KernelImage Image { get; }
}
