using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Solvers;

/// <summary>Reads binary files of weights and of solver states.</summary>
internal static class WeightFiles
{
    public static NetParameter Read(string path, ModelFiles files) => Read(path, files, NetParameter.Parser);

    public static SolverState ReadState(string path, ModelFiles files) => Read(path, files, SolverState.Parser);

    private static T Read<T>(string path, ModelFiles files, MessageParser<T> parser) where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(files.ReadAll(path, int.MaxValue));
        }
        catch (InvalidProtocolBufferException damage)
        {
            throw new InvalidDataException($"{path}: {damage.Message}", damage);
        }
    }
}
