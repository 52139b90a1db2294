using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>|x|.</summary>
internal sealed class AbsValLayer : LayerType
{
    public override string Name => "AbsVal";

    public override Seq<Expr> Build(LayerScope layer) => [Abs<Expr>(layer.Bottom)];
}

/// <summary>(shift + scale·x) to a power. Where power or scale is 0 it is a constant, and so without a gradient.</summary>
internal sealed class PowerLayer : LayerType
{
    public override string Name => "Power";

    public override Seq<Expr> Build(LayerScope layer)
    {
        PowerParameter parameter = layer.Parameter.PowerParam ?? new PowerParameter();
        Expr x = layer.Bottom;
        if (parameter.Power * parameter.Scale == 0)
        {
            return [FullLike(x, parameter.Power == 0 ? 1 : Math.Pow(parameter.Shift, parameter.Power))];
        }
        Expr scaled = parameter.Scale == 1 ? x : x * parameter.Scale;
        Expr inner = parameter.Shift == 0 ? scaled : scaled + parameter.Shift;
        return [parameter.Power switch
        {
            1 => inner,
            2 => inner * inner,
            var power => Pow<Expr>(inner, power),
        }];
    }
}

/// <summary>base to the (shift + scale·x); base −1 stands for e.</summary>
internal sealed class ExpLayer : LayerType
{
    public override string Name => "Exp";

    public override Seq<Expr> Build(LayerScope layer)
    {
        ExpParameter parameter = layer.Parameter.ExpParam ?? new ExpParameter();
        double logarithm = Logarithm.OfBase(layer, parameter.Base);
        Expr power = Exp<Expr>(layer.Bottom * (logarithm * parameter.Scale));
        return [parameter.Shift == 0 ? power : power * Math.Exp(logarithm * parameter.Shift)];
    }
}

/// <summary>Logarithm of shift + scale·x to a base; base −1 stands for e.</summary>
internal sealed class LogLayer : LayerType
{
    public override string Name => "Log";

    public override Seq<Expr> Build(LayerScope layer)
    {
        LogParameter parameter = layer.Parameter.LogParam ?? new LogParameter();
        double logarithm = Logarithm.OfBase(layer, parameter.Base);
        if (logarithm == 0)
        {
            throw layer.Error("there is no logarithm to the base 1");
        }
        Expr scaled = parameter.Scale == 1 ? layer.Bottom : layer.Bottom * parameter.Scale;
        Expr natural = Log<Expr>(parameter.Shift == 0 ? scaled : scaled + parameter.Shift);
        return [logarithm == 1 ? natural : natural * (1 / logarithm)];
    }
}

/// <summary>1 above a threshold, else 0; without a gradient.</summary>
internal sealed class ThresholdLayer : LayerType
{
    public override string Name => "Threshold";

    public override Seq<Expr> Build(LayerScope layer) => [(layer.Bottom > (layer.Parameter.ThresholdParam?.Threshold ?? 0)).Cast(layer.DType)];
}

/// <summary>x held between min and max; the gradient passes where x lies between them or on one.</summary>
internal sealed class ClipLayer : LayerType
{
    public override string Name => "Clip";

    public override Seq<Expr> Build(LayerScope layer) => layer.Parameter.ClipParam is { HasMin: true, HasMax: true } parameter
        ? [Minimum<Expr>(Maximum<Expr>(layer.Bottom, parameter.Min), parameter.Max)]
        : throw layer.Error("clip_param must say min and max");
}

/// <summary>The base of Exp and Log layers.</summary>
internal static class Logarithm
{
    /// <summary>The natural logarithm of a base.</summary>
    public static double OfBase(LayerScope layer, float number) => number == -1 ? 1
        : number > 0 ? Math.Log(number)
        : throw layer.Error($"base must be strictly positive, or -1 for e; got {number}");
}
