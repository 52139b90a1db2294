namespace Symbolic.Conformance.Caffe;

/// <summary>All cases of a folder in the format of the Caffe reference data; a part that the folder lacks has none.</summary>
internal static class CaffeJudge
{
    public static IEnumerable<Case> Cases(CommandLine line)
    {
        using var folder = new CaffeFolder(Path.GetFullPath(line.Folder), Path.GetFullPath(line.Root));
        IEnumerable<Case>[] parts =
        [
            GoldenManifest.Cases(folder),
            Upgrades.Cases(folder),
            WeightFiles.Cases(folder),
            FillerMoments.Cases(folder),
            ErrorCases.Cases(folder),
            TrainingLogs.Cases(folder),
            TrainedNets.Cases(folder),
            HashNets.Cases(folder),
            NetGradients.Cases(folder),
        ];
        foreach (Case one in parts.SelectMany(part => part))
        {
            yield return one with
            {
                Run = () =>
                {
                    _ = folder.Work;
                    return Refusal.Guard(one.Run);
                },
            };
        }
        foreach (string rule in folder.Rules)
        {
            Console.WriteLine(rule);
        }
    }
}
