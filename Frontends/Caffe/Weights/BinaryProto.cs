using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>Reads and writes Caffe's binary files: <c>.caffemodel</c>, <c>.solverstate</c>, <c>.binaryproto</c>.</summary>
public static class BinaryProto
{
    /// <summary>Reads a whole file, checked against damage before anything is allocated for it. Fields that Caffe does not have are dropped.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, larger than 2 GiB, or HDF5; names the file and the byte.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static T Read<T>(string path, ModelFiles? files = null) where T : IMessage<T>, new() =>
        Parse<T>((files ?? ModelFiles.Anywhere).ReadAll(path, most: Array.MaxLength), path);

    /// <summary>Reads a message from bytes; the file's name is for errors.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, string file) where T : IMessage<T>, new()
    {
        if (Hdf5.Hdf5Reader.IsHdf5(bytes))
        {
            throw new InvalidDataException($"{file}: is an HDF5 file where a binary protobuf is wanted");
        }
        var empty = new T();
        WireCheck.Check(bytes, empty.Descriptor, file);
        try
        {
            return new MessageParser<T>(() => new T()).WithDiscardUnknownFields(true).ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"{file}: no {empty.Descriptor.Name}: {error.Message}", error);
        }
    }

    /// <summary>Writes or replaces a file; a reader sees the old one or the new one, never a part.</summary>
    /// <exception cref="InvalidDataException">The message needs more than 2 GiB, which protobuf cannot write.</exception>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    public static void Write(string path, IMessage message)
    {
        long size = message switch
        {
            NetParameter net => net.Layer.SelectMany(layer => layer.Blobs).Sum(Size),
            SolverState state => state.History.Sum(Size),
            BlobProto blob => Size(blob),
            _ => 0,
        };
        // What is beside the numbers stays far below these 16 MB.
        if (size > int.MaxValue - (1 << 24))
        {
            throw new InvalidDataException($"{path}: {size} bytes of numbers do not fit a binary protobuf, which ends at 2 GiB");
        }
        WholeFile.Write(path, message.WriteTo);
    }

    private static long Size(BlobProto blob) =>
        ((long)(blob.Data.Count + blob.Diff.Count) * sizeof(float)) + ((long)(blob.DoubleData.Count + blob.DoubleDiff.Count) * sizeof(double));
}
