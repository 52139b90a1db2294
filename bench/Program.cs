using BenchmarkDotNet.Running;
using Symbolic.Bench.Steps;

// dotnet run -c Release --project bench -- steps          the watched figures, in a minute
// dotnet run -c Release --project bench -- --filter '*'   BenchmarkDotNet, for as long as it takes
switch (args)
{
    case ["steps"]:
        StepReport.Run();
        break;
    case [StepReport.CompileOnce, var cache]:
        StepReport.Once(cache);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(StepReport).Assembly).Run(args);
        break;
}
