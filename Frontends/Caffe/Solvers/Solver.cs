using System.Globalization;
using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>
/// Trains a net as Caffe's solvers do: SGD, Nesterov, AdaGrad, RMSProp, AdaDelta or Adam with every learning rate policy, tests in
/// between, snapshots that Caffe can read, and its log. Not safe for use by several threads at once, except the Request methods.
/// </summary>
public sealed partial class Solver : IDisposable
{
    private readonly SolverOptions options;
    private readonly LearningRate policy;
    private readonly SmoothedLoss smoothed;
    private readonly Seq<SharedVariable> histories;
    private readonly NetFeed feed;
    private readonly TrainingFunction training;
    private readonly List<NetFeed> testFeeds = [];
    private readonly List<NetFunction?> testFunctions = [];
    private NetFunction? forward;

    private Solver(SolverParameter parameter, SolverOptions options)
    {
        Parameter = parameter;
        this.options = options;
        SolverFields.Check(parameter, Error);
        policy = new LearningRate(parameter, Error);
        smoothed = new SmoothedLoss(parameter.AverageLoss);
        Log("solver.cpp", 45, $"Initializing solver from parameters: \n{PrototxtWriter.Write(parameter).TrimEnd()}");
        if (parameter.Snapshot > 0)
        {
            SnapshotFiles.Probe(parameter.SnapshotPrefix, message => Error("snapshot_prefix", message));
        }
        var nets = new SolverNets(parameter, options, Error);
        Net = nets.Training();
        try
        {
            TestNets = nets.Tests(Net);
            if (TestNets.Prepend(Net).SelectMany(net => net.Sinks).FirstOrDefault() is { } sink)
            {
                throw Error("net", $"layer '{sink.Layer}': HDF5Output writes where a net is tested alone, not while one is trained");
            }
            foreach (string file in options.Weights.Count > 0 ? options.Weights : parameter.Weights.SelectMany(list => list.Split(',')).ToSeq())
            {
                LoadWeights(file);
            }
            UpdateRule rule = UpdateRules.Of(parameter);
            histories = Enumerable.Range(0, rule.Histories).SelectMany(_ => Net.Parameters)
                .Select(p => new SharedVariable(DType.Float32, p.Variable.Type.Shape.Sizes.ToSeq(), $"{p.Layer}.{p.Index}.history")).ToSeq();
            feed = new NetFeed(Net);
            foreach (Net net in TestNets)
            {
                testFeeds.Add(new NetFeed(net));
                testFunctions.Add(null);
            }
            training = new TrainingFunction(Net, feed, rule, parameter.IterSize, histories, parameter.DebugInfo, Named("train"));
        }
        catch
        {
            CloseNets();
            throw;
        }
        Log("solver.cpp", 57, "Solver scaffolding done.");
    }

    /// <summary>What the solver's file says.</summary>
    public SolverParameter Parameter { get; }

    /// <summary>The training net.</summary>
    public Net Net { get; }

    /// <summary>The test nets; where layers have the same name they use the training net's parameters.</summary>
    public Seq<Net> TestNets { get; } = [];

    /// <summary>How many updates were made.</summary>
    public int Iteration { get; private set; }

    /// <summary>The profile of the training function, where the options ask for one.</summary>
    public FunctionProfile TrainingProfile => training.Profile;

    /// <summary>Called after each iteration, on the thread that trains.</summary>
    public event Action<IterationReport>? IterationDone;

    /// <summary>Called after each test of a test net, on the thread that trains.</summary>
    public event Action<TestReport>? TestDone;

    /// <summary>Reads a solver file, its nets and weights, and compiles the training function.</summary>
    /// <exception cref="PrototxtError">A file says something that cannot be.</exception>
    /// <exception cref="InvalidDataException">A file of weights or data is damaged or does not fit.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static Solver FromFile(string path, SolverOptions? options = null)
    {
        options ??= new SolverOptions();
        PrototxtDocument<SolverParameter> document = Prototxt.ReadSolver(path, options.Files, options.Log);
        SolverParameter parameter = document.Message;
        string stem = Path.GetFileNameWithoutExtension(path);
        if (!parameter.HasSnapshotPrefix)
        {
            parameter.SnapshotPrefix = Path.Combine(Path.GetDirectoryName(path) ?? "", stem);
        }
        else if (Directory.Exists(parameter.SnapshotPrefix))
        {
            parameter.SnapshotPrefix = Path.Combine(parameter.SnapshotPrefix, stem);
        }
        return new Solver(parameter, options with { Places = document.Places });
    }

    /// <summary>Makes a solver of a message; what its fields mean is as in <see cref="FromFile"/>.</summary>
    public static Solver Create(SolverParameter parameter, SolverOptions? options = null)
    {
        SolverParameter copy = SolverUpgrade.Apply(parameter).Clone();
        if (!copy.HasSnapshotPrefix)
        {
            copy.SnapshotPrefix = "solver";
        }
        return new Solver(copy, options ?? new SolverOptions());
    }

    /// <summary>The tensor that an input of the training net reads; what is written to it stays until overwritten.</summary>
    public Tensor Input(string blob) => feed[blob];

    /// <summary>Sets the parameters of all nets from a .caffemodel or .caffemodel.h5, by layer name.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or a layer of the same name has other blobs.</exception>
    public void LoadWeights(string file)
    {
        IReadOnlyList<LayerWeights> trained = LayerWeights.Read(file, options.Files);
        foreach (Net net in TestNets.Prepend(Net))
        {
            Log("solver.cpp", 72, $"Finetuning from {file}");
            foreach (string layer in net.CopyFrom(trained, file))
            {
                Log("net.cpp", 743, $"Ignoring source layer {layer}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        training.Dispose();
        forward?.Dispose();
        testFunctions.ForEach(function => function?.Dispose());
        CloseNets();
    }

    private void CloseNets()
    {
        foreach (Net net in TestNets.Prepend(Net))
        {
            net.Dispose();
        }
    }

    private CompileOptions Named(string what) => options.Compile with { Name = $"{(Net.Name.Length > 0 ? Net.Name : "net")} {what}" };

    private void Log(string source, int line, string message) => options.Log.Write(new LogLine(source, line, message));

    private PrototxtError Error(string field, string message) =>
        options.Places?.Of(Parameter, field) is { } place ? new PrototxtError(place, message) : new PrototxtError(message);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
