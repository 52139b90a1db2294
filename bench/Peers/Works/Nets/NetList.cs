namespace Symbolic.Peers.Works.Nets;

/// <summary>The nets that are compared whole.</summary>
internal static class NetList
{
    private const string Examples = "BVLC_caffe/examples/", Models = "BVLC_caffe/models/";

    private static readonly (float, float) Small = (0.3f, 0.3f);

    private static readonly NetSource
        leNet = new(Examples + "mnist/lenet_train_test.prototxt", [1, 28, 28], 10) { Positive = true },
        cifar = new(Examples + "cifar10/cifar10_full_train_test.prototxt", [3, 32, 32], 10) { Positive = true },
        logistic = new(Layers(10), [784], 10) { Positive = true },
        narrow = new(Layers(500, 10), [784], 10) { Positive = true },
        wide = new(Layers(1000, 1000, 10), [784], 10) { Positive = true },
        alexNetTrain = new(Models + "bvlc_alexnet/train_val.prototxt", [3, 227, 227], 1000),
        alexNet = new(Models + "bvlc_alexnet/deploy.prototxt", [3, 227, 227], 1000),
        resNet = new("KaimingHe_deep-residual-networks/prototxt/ResNet-50-deploy.prototxt", [3, 224, 224], 1000) { Scale = Small },
        squeezeNet = new("forresti_SqueezeNet/SqueezeNet_v1.1/deploy.prototxt", [3, 227, 227], 1000),
        mobileNet1 = new("shicai_MobileNet-Caffe/mobilenet_deploy.prototxt", [3, 224, 224], 1000),
        mobileNet2 = new("shicai_MobileNet-Caffe/mobilenet_v2_deploy.prototxt", [3, 224, 224], 1000) { Scale = Small },
        googLeNet = new(Models + "bvlc_googlenet/deploy.prototxt", [3, 224, 224], 1000),
        vgg = new("jayelm_neural-art/models/VGG_ILSVRC_19_layers_deploy.prototxt", [3, 224, 224], 1000);

    /// <summary>The works.</summary>
    public static IEnumerable<Work> All()
    {
        NetWork leNetTrain = Train("LeNet b64 train", leNet, 64), alexNetB16 = Train("AlexNet b16 train", alexNetTrain, 16) with { Drops = true, HasDropout = true };
        return
        [
            leNetTrain,
            Train("cifar10_full b100 train", cifar, 100),
            Train("logistic regression b600 train", logistic, 600),
            Train("MLP b20 train", narrow, 20),
            Train("MLP b128 train", wide, 128),
            alexNetB16,
            Train("ResNet-50 b4 train", resNet, 4),
            Forward("ResNet-50 b1 forward", resNet),
            Forward("SqueezeNet 1.1 b1 forward", squeezeNet),
            Forward("MobileNet v1 b1 forward", mobileNet1),
            Forward("MobileNet v2 b1 forward", mobileNet2),
            Forward("GoogLeNet b1 forward", googLeNet),
            Forward("AlexNet b1 forward", alexNet),
            Forward("VGG-19 b1 forward", vgg),
            new BusyWork("LeNet b64 train with a busy neighbour (against one thread, at least 1.0)", leNetTrain),
            new MemoryWork("memory LeNet b64 train (peer's peak / ours, from a warm cache)", leNetTrain),
            new MemoryWork("memory AlexNet b16 train (peer's peak / ours)", alexNetB16),
        ];
    }

    private static NetWork Train(string name, NetSource source, int batch) => new(name, name, source, batch, Trains: true);

    private static NetWork Forward(string name, NetSource source) => new(name, name, source, 1, Trains: false);

    /// <summary>A net of layers of so many units, with tanh between them.</summary>
    private static string Layers(params int[] units)
    {
        var text = new System.Text.StringBuilder();
        string bottom = "data";
        for (int i = 0; i < units.Length; i++)
        {
            text.AppendLine($$"""layer { name: "ip{{i}}" type: "InnerProduct" bottom: "{{bottom}}" top: "ip{{i}}" inner_product_param { num_output: {{units[i]}} } }""");
            bottom = $"ip{i}";
            if (i < units.Length - 1)
            {
                text.AppendLine($$"""layer { name: "tanh{{i}}" type: "TanH" bottom: "{{bottom}}" top: "{{bottom}}" }""");
            }
        }
        text.AppendLine($$"""layer { name: "loss" type: "SoftmaxWithLoss" bottom: "{{bottom}}" bottom: "label" top: "loss" }""");
        return text.ToString();
    }
}
