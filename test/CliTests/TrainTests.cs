using System.Diagnostics;
using System.Runtime.InteropServices;
using Symbolic.Cli;

namespace Symbolic.Test;

/// <summary>`symbolic train` and `test` on a net of one layer over the reference digits.</summary>
public sealed partial class TrainTests : IDisposable
{
    private const int Interrupt = 2, HangUp = 1;
    private readonly string folder = Directory.CreateTempSubdirectory("symbolic-cli-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [DataFact]
    public void TheLogIsWhatParseLogReads()
    {
        (int code, string error) = Run("train", "-solver", Solver(iterations: 20, display: 5, testInterval: 10));
        Assert.True(code == 0, error);
        (IReadOnlyList<ParseLog.Row> train, IReadOnlyList<ParseLog.Row> test) = ParseLog.Read(error.Split('\n'));
        Assert.Equal([0, 5, 10, 15], train.Select(row => row.Iteration));
        Assert.Equal([0, 10, 20], test.Select(row => row.Iteration));
        Assert.All(train, row => Assert.Equal((0.01, "loss"), (row.Rate, Assert.Single(row.Outputs).Name)));
        Assert.All(test, row => Assert.Equal(["accuracy", "loss"], row.Outputs.Select(o => o.Name)));
        Assert.True(test[^1].Outputs[0].Value > 0.6, error);
        foreach (string phrase in new[] { "Use CPU.", "Solving tiny", "Learning Rate Policy: fixed", "Snapshotting to binary proto file", "Optimization Done." })
        {
            Assert.Contains(phrase, error, StringComparison.Ordinal);
        }
    }

    [DataFact]
    public void WhatWasTrainedIsTestedAndTimed()
    {
        string solver = Solver(iterations: 20, display: 0, testInterval: 20);
        Assert.Equal(0, Run("train", "-solver", solver).Code);
        (int code, string error) = Run("test", $"--model={Path.Combine(folder, "net.prototxt")}", $"--weights={Path.Combine(folder, "tiny_iter_20.caffemodel")}", "-iterations", "4");
        Assert.True(code == 0, error);
        Assert.Contains("Batch 3, accuracy = ", error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)\] Loss: [\d.]+$", error);
        Assert.Matches(@"(?m)\] loss = ([\d.]+) \(\* 1 = \1 loss\)$", error);
        (code, error) = Run("time", "-model", Path.Combine(folder, "net.prototxt"), "-iterations", "2");
        Assert.True(code == 0, error);
        Assert.Matches(@"(?m)\] +ip\tforward: [\d.e-]+ ms\.$", error);
        Assert.Matches(@"(?m)\] +ip\tbackward: [\d.e-]+ ms\.$", error);
        Assert.Matches(@"(?m)\] Average Forward-Backward: [\d.e-]+ ms\.$", error);
    }

    [DataFact]
    public void InterruptedItStopsWithASnapshotFromWhichItGoesOn()
    {
        string error = RunProcess("train", Interrupt, "-solver", Solver(iterations: 1_000_000, display: 1, testInterval: 1_000_000));
        Assert.Contains("Optimization stopped early.", error, StringComparison.Ordinal);
        string state = Assert.Single(Directory.GetFiles(folder, "*.solverstate"));
        int at = int.Parse(Path.GetFileNameWithoutExtension(state).Split('_')[^1], System.Globalization.CultureInfo.InvariantCulture);
        (int code, error) = Run("train", "-solver", Solver(iterations: at + 3, display: 1, testInterval: 1_000_000), "-snapshot", state);
        Assert.True(code == 0, error);
        Assert.Contains($"Resuming from {state}", error, StringComparison.Ordinal);
        Assert.Contains($"Iteration {at + 2},", error, StringComparison.Ordinal);
    }

    [DataFact]
    public void HungUpItWritesASnapshotAndGoesOn()
    {
        string error = RunProcess("train", HangUp, "-solver", Solver(iterations: 1_000_000, display: 1, testInterval: 1_000_000));
        int snapshot = error.IndexOf("Snapshotting to binary proto file", StringComparison.Ordinal);
        Assert.True(snapshot > 0, error);
        Assert.Contains("Iteration", error[snapshot..], StringComparison.Ordinal);
    }

    private static (int Code, string Error) Run(params ReadOnlySpan<string> words)
    {
        using StringWriter output = new(), error = new() { NewLine = "\n" };
        return (Tool.Run(words, output, error), error.ToString());
    }

    // Sends the signal when training runs; after a hang-up, ends the process when it went on.
    private static string RunProcess(string command, int signal, params string[] words)
    {
        // Whoever started the tests as a background job has the signal ignored, and so would the process.
        Signal(signal, 0);
        var start = new ProcessStartInfo("dotnet", [typeof(Tool).Assembly.Location, command, .. words]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        var log = new System.Text.StringBuilder();
        bool sent = false;
        while (process.StandardError.ReadLine() is { } line)
        {
            log.Append(line).Append('\n');
            if (!sent && line.Contains("Iteration 2 ", StringComparison.Ordinal))
            {
                Assert.Equal(0, Kill(process.Id, signal));
                sent = true;
            }
            if (signal == HangUp && log.ToString() is var text && text.IndexOf("Snapshotting solver state", StringComparison.Ordinal) is > 0 and var at && text.IndexOf("Iteration", at, StringComparison.Ordinal) > 0)
            {
                process.Kill();
                return text;
            }
        }
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return log.ToString();
    }

    private string Solver(int iterations, int display, int testInterval)
    {
        File.WriteAllText(Path.Combine(folder, "net.prototxt"), $$"""
            name: "tiny"
            layer { name: "digits" type: "Data" top: "data" top: "label" include { phase: TRAIN } transform_param { scale: 0.00390625 }
              data_param { source: "{{ReferenceData.File("caffe", "mnist", "mnist_train_lmdb")}}" batch_size: 64 backend: LMDB } }
            layer { name: "digits" type: "Data" top: "data" top: "label" include { phase: TEST } transform_param { scale: 0.00390625 }
              data_param { source: "{{ReferenceData.File("caffe", "mnist", "mnist_test_lmdb")}}" batch_size: 100 backend: LMDB } }
            layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 10 weight_filler { type: "xavier" } } }
            layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" include { phase: TEST } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
            """);
        string file = Path.Combine(folder, "solver.prototxt");
        File.WriteAllText(file, $"""
            net: "{Path.Combine(folder, "net.prototxt")}" test_iter: 5 test_interval: {testInterval} max_iter: {iterations} display: {display}
            base_lr: 0.01 lr_policy: "fixed" momentum: 0.9 snapshot_prefix: "{Path.Combine(folder, "tiny")}" random_seed: 1 test_initialization: {(testInterval < 1000 ? "true" : "false")}
            """);
        return file;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
