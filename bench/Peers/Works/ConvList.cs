namespace Symbolic.Peers.Works;

/// <summary>The convolutions that are compared one by one.</summary>
internal static class ConvList
{
    private static readonly (string Note, ConvShape Shape)[] Winograd =
    [
        ("", new(1, 64, 56, 64, 3, Pad: 1)), ("", new(4, 64, 56, 64, 3, Pad: 1)), ("", new(1, 128, 28, 128, 3, Pad: 1)), ("", new(4, 128, 28, 128, 3, Pad: 1)),
        ("", new(1, 256, 14, 256, 3, Pad: 1)), ("", new(4, 256, 14, 256, 3, Pad: 1)), ("", new(1, 512, 7, 512, 3, Pad: 1)), ("", new(4, 512, 7, 512, 3, Pad: 1)),
        ("", new(16, 256, 13, 384, 3, Pad: 1)),
    ];

    private static readonly (string Note, ConvShape Shape)[] Other =
    [
        ("lenet1 ", new(64, 1, 28, 20, 5)), ("lenet2 ", new(64, 20, 12, 50, 5)), ("cifar1 ", new(100, 3, 32, 32, 5, Pad: 2)), ("cifar2 ", new(100, 32, 16, 32, 5, Pad: 2)),
        ("alexnet1 ", new(1, 3, 227, 96, 11, 4)), ("alexnet2 ", new(1, 96, 27, 256, 5, Pad: 2, Groups: 2)), ("stem ", new(1, 3, 224, 64, 7, 2, 3)),
        ("", new(1, 256, 56, 64, 1)), ("", new(1, 64, 56, 256, 1)), ("", new(4, 1024, 14, 256, 1)), ("strided ", new(1, 256, 56, 512, 1, 2)), ("strided ", new(1, 3, 224, 32, 3, 2, 1)),
        ("strided ", new(4, 128, 28, 128, 3, 2, 1)), ("depthwise ", new(1, 128, 56, 128, 3, 1, 1, 128)), ("depthwise ", new(1, 256, 28, 256, 3, 2, 1, 256)),
    ];

    private static readonly (string Note, ConvShape Shape)[] Gradients =
    [
        ("lenet2 ", new(64, 20, 12, 50, 5)), ("cifar2 ", new(100, 32, 16, 32, 5, Pad: 2)), ("alexnet2 ", new(16, 96, 27, 256, 5, Pad: 2, Groups: 2)), ("", new(4, 64, 56, 64, 3, Pad: 1)),
        ("", new(16, 256, 13, 384, 3, Pad: 1)), ("", new(4, 256, 56, 64, 1)), ("", new(4, 64, 56, 256, 1)), ("strided ", new(4, 256, 56, 512, 1, 2)),
    ];

    // Nobody asks for the gradient of a first layer's images.
    private static readonly (string Note, ConvShape Shape)[] First =
    [
        ("lenet1 ", new(64, 1, 28, 20, 5)), ("cifar1 ", new(100, 3, 32, 32, 5, Pad: 2)), ("alexnet1 ", new(16, 3, 227, 96, 11, 4)), ("stem ", new(4, 3, 224, 64, 7, 2, 3)),
    ];

    /// <summary>The works.</summary>
    public static IEnumerable<Work> All()
    {
        const string winograd = "conv 3x3 s1 forward (geometric mean of the nine layers)", other = "conv other forward (geometric mean, none below 0.95)", backward = "conv backward (geometric mean, none below 0.95)";
        return
        [
            .. Winograd.Select(conv => new ConvWork(winograd, $"conv 3x3 s1: {conv.Shape}", conv.Shape)),
            .. Other.Select(conv => new ConvWork(other, $"conv other: {conv.Note}{conv.Shape}", conv.Shape) { Against = [PeerNames.Libtorch, PeerNames.OnnxRuntime] }),
            .. Gradients.Select(conv => new ConvGradientWork(backward, $"conv backward: dX {conv.Note}{conv.Shape}", conv.Shape, OfWeights: false)),
            .. First.Concat(Gradients).Select(conv => new ConvGradientWork(backward, $"conv backward: dW {conv.Note}{conv.Shape}", conv.Shape, OfWeights: true)),
        ];
    }
}
