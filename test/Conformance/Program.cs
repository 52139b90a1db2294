using Symbolic.Conformance;
using Symbolic.Conformance.Caffe;
using Symbolic.Conformance.Theano;

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
if (!Directory.Exists(line.Folder) || !Directory.Exists(line.Root))
{
    Console.Error.WriteLine($"no such folder: {(Directory.Exists(line.Folder) ? line.Root : line.Folder)}");
    return 2;
}
Func<CommandLine, IEnumerable<Case>>? judge = line.System switch
{
    "theano" => TheanoJudge.Cases,
    "theano-promotion" => PromotionJudge.Cases,
    "caffe" => CaffeJudge.Cases,
    _ => null,
};
if (judge is null)
{
    Console.Error.WriteLine($"{line.System} is no system that this program knows; {CommandLine.Usage}");
    return 2;
}
Compiling.Force(line);
IEnumerable<Case> cases = judge(line).Where(line.Selects).SelectMany(one => line.EverySchedule ? Compiling.UnderEverySchedule(one) : [one]);
if (line.List)
{
    foreach (Case one in cases)
    {
        Console.WriteLine($"{one.Name} {one.Type}");
    }
    return 0;
}
return new Report(Console.Out, line.Known is { } file ? KnownGaps.Read(file) : KnownGaps.None).Run(cases) ? 0 : 1;
