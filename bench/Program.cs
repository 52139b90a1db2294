using BenchmarkDotNet.Running;
using Symbolic.Bench.Accuracy;
using Symbolic.Bench.Steps;

// dotnet run -c Release --project bench -- steps          the watched figures, in a minute
// dotnet run -c Release --project bench -- ulps exp pow   the errors of vector functions over all float32 values; all of them where none is named
// dotnet run -c Release --project bench -- --filter '*'   BenchmarkDotNet, for as long as it takes
switch (args)
{
    case ["steps"]:
        StepReport.Run();
        break;
    case ["ulps", .. var names]:
        UlpReport.Run(names);
        break;
    case [StepReport.CompileOnce, var cache]:
        StepReport.Once(cache);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(StepReport).Assembly).Run(args);
        break;
}
