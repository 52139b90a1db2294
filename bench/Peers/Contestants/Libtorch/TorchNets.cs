using Symbolic.Peers.Works;
using Symbolic.Peers.Works.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>Training steps of whole nets.</summary>
internal static class TorchNets
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work) => work switch
    {
        NetWork { Trains: true, Source.Image.Length: 3 } net => LayoutExtensions.Faster(layout => Step(net, layout)),
        NetWork { Trains: true } net => Step(net, Layout.Planes),
        // No trial of layouts: it would leave its own trace in the peak.
        MemoryWork memory => Step(memory.Net, Layout.Planes),
        _ => null,
    };

    private static TorchPrepared Step(NetWork work, Layout layout)
    {
        var net = new TorchNet(work, layout);
        Tensor images = empty([work.Batch, .. work.Source.Image], ScalarType.Float32);
        NetNumbers.FillImages(TorchPrepared.Floats(images), work.Source);
        images = images.In(layout);
        Tensor labels = tensor(Enumerable.Range(0, work.Batch).Select(i => (long)NetNumbers.Label(i, work.Source)).ToArray());
        Tensor[] velocities = [.. net.Learned.Select(weight => zeros_like(weight))];
        Scalar rate = NetWork.Rate, momentum = NetWork.Momentum, decay = NetWork.Decay;
        Tensor Run()
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor loss = net.Loss(images, labels);
            IList<Tensor> slopes = autograd.grad([loss], net.Learned);
            using (no_grad())
            {
                for (int i = 0; i < velocities.Length; i++)
                {
                    Tensor slope = slopes[i].add_(net.Learned[i], decay);
                    velocities[i].mul_(momentum).add_(slope, rate);
                    net.Learned[i].sub_(velocities[i]);
                }
            }
            return loss.detach().MoveToOuterDisposeScope();
        }
        return new(Run, [.. net.Kept, images, labels, .. velocities], learns: true)
        {
            Beside = () => velocities.Select((velocity, i) => new Output($"velocity {i}", TorchPrepared.Values(velocity))),
        };
    }
}
