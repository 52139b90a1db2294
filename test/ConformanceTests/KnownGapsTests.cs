namespace Symbolic.Test;

/// <summary>The list of what is known to fail.</summary>
public class KnownGapsTests
{
    [Fact]
    public void ANameOrAPatternCoversACaseAndNothingElse()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# a list\nshape/0001 not there\n\nscan/* comes later\n");
            KnownGaps known = KnownGaps.Read(file);
            Assert.True(known.Contains("shape/0001"));
            Assert.True(known.Contains("scan/0007"));
            Assert.False(known.Contains("shape/00012"));
            Assert.False(known.Contains("autodiff/scan/1"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void AnEntryWantsAReason()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "shape/0001\n");
            Assert.Throws<FormatException>(() => KnownGaps.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
