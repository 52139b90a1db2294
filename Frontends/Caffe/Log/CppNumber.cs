using System.Globalization;

namespace Symbolic.Caffe;

/// <summary>Numbers as a C++ stream writes them: six significant digits, an exponent of at least two digits, inf and nan.</summary>
public static class CppNumber
{
    /// <summary>The text of a number.</summary>
    public static string Text(double value) => double.IsNaN(value) ? double.IsNegative(value) ? "-nan" : "nan"
        : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        : value.ToString("G6", CultureInfo.InvariantCulture).Replace('E', 'e');
}
