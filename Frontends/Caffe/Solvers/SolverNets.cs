using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Solvers;

/// <summary>Builds the training net and the test nets that a solver names (solver.cpp, InitTrainNet, InitTestNets).</summary>
internal sealed class SolverNets(SolverParameter parameter, SolverOptions options, Func<string, string, Exception> error)
{
    public Net Training()
    {
        string? file = parameter.HasTrainNet ? parameter.TrainNet : parameter.HasNet ? parameter.Net : null;
        string from = parameter.HasTrainNet ? $"train_net file: {file}" : file is not null ? $"net file: {file}"
            : parameter.TrainNetParam is not null ? "train_net_param specified in SolverParameter." : "net_param specified in SolverParameter.";
        options.Log.Write(new LogLine("solver.cpp", 102, $"Creating training net{(file is null ? "" : " from")} {from}"));
        (NetParameter net, PrototxtPlaces? places) = file is null ? ((parameter.TrainNetParam ?? parameter.NetParam)!, options.Places) : Read(file);
        return Net.Build(net, State(net, places, Phase.Train, parameter.TrainState) with
        {
            Level = options.Level ?? parameter.TrainState?.Level ?? net.State?.Level ?? 0,
            Stages = [.. net.State?.Stage ?? [], .. parameter.TrainState?.Stage ?? [], .. options.Stages],
        });
    }

    public Seq<Net> Tests(Net training)
    {
        var sources = new List<(string From, Func<(NetParameter, PrototxtPlaces?)> Read)>();
        foreach (NetParameter net in parameter.TestNetParam)
        {
            sources.Add(("test_net_param", () => (net, options.Places)));
        }
        foreach (string file in parameter.TestNet)
        {
            sources.Add(($"test_net file: {file}", () => Read(file)));
        }
        bool hasGeneric = parameter.HasNet || parameter.NetParam is not null;
        if (hasGeneric ? parameter.TestIter.Count < sources.Count : parameter.TestIter.Count != sources.Count)
        {
            throw error("test_iter", "test_iter must be specified for each test network.");
        }
        while (sources.Count < parameter.TestIter.Count)
        {
            sources.Add(parameter.HasNet ? ($"net file: {parameter.Net}", () => Read(parameter.Net)) : ("net_param", () => (parameter.NetParam!, options.Places)));
        }
        if (parameter.TestState.Count > 0 && parameter.TestState.Count != sources.Count)
        {
            throw error("test_state", "test_state must be unspecified or specified once per test net.");
        }
        if (sources.Count > 0 && parameter.TestInterval <= 0)
        {
            throw error("test_interval", $"test_interval must be above 0 where test_iter is given; got {parameter.TestInterval}");
        }
        if (parameter.TestIter.Any(count => count <= 0))
        {
            throw error("test_iter", "test_iter must be above 0");
        }
        var nets = new List<Net>();
        try
        {
            foreach ((string from, var read) in sources)
            {
                options.Log.Write(new LogLine("solver.cpp", 190, $"Creating test net (#{nets.Count}) specified by {from}"));
                (NetParameter net, PrototxtPlaces? places) = read();
                NetState? state = nets.Count < parameter.TestState.Count ? parameter.TestState[nets.Count] : null;
                nets.Add(Net.Build(net, State(net, places, Phase.Test, state) with { SharedWith = training }));
            }
        }
        catch
        {
            nets.ForEach(net => net.Dispose());
            throw;
        }
        return nets.ToSeq();
    }

    private (NetParameter, PrototxtPlaces?) Read(string file)
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(file, options.Files, options.Log);
        return (document.Message, document.Places);
    }

    /// <summary>The state of a net: the phase, then what its file says, then what the solver says.</summary>
    private NetOptions State(NetParameter net, PrototxtPlaces? places, Phase phase, NetState? state) => new()
    {
        Phase = state is { HasPhase: true } ? state.Phase : net.State is { HasPhase: true } ? net.State.Phase : phase,
        Level = state is { HasLevel: true } ? state.Level : net.State?.Level ?? 0,
        Stages = [.. net.State?.Stage ?? [], .. state?.Stage ?? []],
        Files = options.Files,
        Places = places,
        DataSource = options.DataSource,
        Seed = Math.Max(parameter.RandomSeed, 0),
    };
}
