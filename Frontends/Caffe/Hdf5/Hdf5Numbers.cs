using PureHDF;

namespace Symbolic.Caffe.Hdf5;

/// <summary>Arrays of any type of number as float32, the conversion that Caffe leaves to the HDF5 library.</summary>
internal static class Hdf5Numbers
{
    /// <summary>The values, or null if they are no numbers.</summary>
    public static float[]? Read(IH5Dataset dataset) => (dataset.Type.Class, dataset.Type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 4) => dataset.Read<float[]>(),
        (H5DataTypeClass.FloatingPoint, 8) => Array.ConvertAll(dataset.Read<double[]>(), value => (float)value),
        (H5DataTypeClass.FloatingPoint, 2) => Array.ConvertAll(dataset.Read<Half[]>(), value => (float)value),
        _ => IsUnsigned64(dataset) ? Array.ConvertAll(dataset.Read<ulong[]>(), value => (float)value)
            : Integers(dataset) is { } integers ? Array.ConvertAll(integers, value => (float)value) : null,
    };

    /// <summary>The values, or null if they are no whole numbers.</summary>
    public static long[]? Integers(IH5Dataset dataset)
    {
        if (dataset.Type.Class != H5DataTypeClass.FixedPoint)
        {
            return null;
        }
        return (dataset.Type.Size, dataset.Type.FixedPoint.IsSigned) switch
        {
            (1, true) => Array.ConvertAll(dataset.Read<sbyte[]>(), value => (long)value),
            (1, false) => Array.ConvertAll(dataset.Read<byte[]>(), value => (long)value),
            (2, true) => Array.ConvertAll(dataset.Read<short[]>(), value => (long)value),
            (2, false) => Array.ConvertAll(dataset.Read<ushort[]>(), value => (long)value),
            (4, true) => Array.ConvertAll(dataset.Read<int[]>(), value => (long)value),
            (4, false) => Array.ConvertAll(dataset.Read<uint[]>(), value => (long)value),
            (8, true) => dataset.Read<long[]>(),
            (8, false) => Array.ConvertAll(dataset.Read<ulong[]>(), value => checked((long)value)),
            _ => null,
        };
    }

    private static bool IsUnsigned64(IH5Dataset dataset) => dataset.Type is { Class: H5DataTypeClass.FixedPoint, Size: 8 } && !dataset.Type.FixedPoint.IsSigned;
}
