using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>What <c>mkdseg info</c> says about folders.</summary>
public class InfoTests
{
    [Test]
    public void Series_of_a_folder_are_listed_with_what_is_wrong()
    {
        using var folder = new TemporaryFolder();
        foreach (var slice in new DicomSlice { Description = "Heart" }.Stack(3, 2))
            slice.Write(folder["heart", $"{slice.Position![2]}"]);
        new DicomSlice { SeriesUid = "1.9", ImageType = @"ORIGINAL\PRIMARY\LOCALIZER" }.Write(folder["scout"]);
        var output = CommandLine.RunWell("info", folder.Path);
        Assert.That(output, Does.Contain("Series 'Heart', CT, 3 files, case Heart-").And.Contain("4×3×3 voxels")
            .And.Contain("is a localizer"));

        File.Delete(folder["heart", "32"]);
        new DicomSlice { Description = "Heart" }.Stack(4, 2).Last().Write(folder["heart", "36"]);
        var (exit, broken, _) = CommandLine.Run("info", folder.Path);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(broken, Does.Contain("1 slice is missing"));
    }
}
