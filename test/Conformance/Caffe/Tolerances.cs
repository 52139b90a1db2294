namespace Symbolic.Conformance.Caffe;

/// <summary>How far a number may be from Caffe's.</summary>
/// <param name="Relative">Share of Caffe's number.</param>
/// <param name="Absolute">What is allowed beside that.</param>
internal readonly record struct Tolerance(double Relative, double Absolute)
{
    public double At(double expected) => Absolute + Relative * Math.Abs(expected);
}

/// <summary>Every tolerance of the judge of Caffe, by part of the reference data.</summary>
internal static class Tolerances
{
    /// <summary>Values of golden nets, solvers and data layers, and of real nets.</summary>
    public static Tolerance Values { get; } = new(1e-4, 1e-5);

    /// <summary>Sums over a blob: so much of the sum of absolute values, since the terms of a sum cancel.</summary>
    public const double Sums = 1e-4;

    /// <summary>Numbers in logs, printed with six digits, of iterations before <see cref="FirstIterations"/>.</summary>
    public static Tolerance FirstLogLines { get; } = new(1e-4, 0);

    /// <summary>Numbers in logs of later iterations: rounding decides the ties of pooling, and training carries it on.</summary>
    public static Tolerance LaterLogLines { get; } = new(0.05, 0);

    /// <summary>How many other <see cref="Courses"/> of a long run are asked.</summary>
    public const int OtherCoursesOfLogs = 3;

    /// <summary>How many other <see cref="Courses"/> of a golden solver are asked.</summary>
    public const int OtherCoursesOfSolvers = 7;

    /// <summary>Which iterations of a log count as its first.</summary>
    public const int FirstIterations = 10;

    /// <summary>One level of 255, before scaling: decoders of JPEG may differ by it.</summary>
    public static Tolerance JpegLevels { get; } = new(0, 1);

    /// <summary>Means of drawn values, in standard errors; both sides are drawn.</summary>
    public const double FillerMean = 8;

    /// <summary>Standard deviations of drawn values, as share of Caffe's.</summary>
    public const double FillerDeviation = 0.12;

    /// <summary>Ends of the range of drawn values, as share of the range.</summary>
    public const double FillerRange = 0.03;

    /// <summary>Shares of values that are not zero.</summary>
    public const double FillerNonzero = 0.08;
}
