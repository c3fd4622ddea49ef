using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Cli.Tests;

public class EvaluateTests
{
    // evaluate-label-header-slightly-off of the cases, and a case beyond the tolerance beside it.
    [Test]
    public void One_bad_case_is_a_sentence_and_an_exit_code_and_the_others_are_scored()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, factor) in (ReadOnlySpan<(string, double)>)[("one", 1), ("two", 1.0005), ("three", 1.2)])
        {
            Write(folder["truth", $"{name}.nii.gz"], factor);
            Write(folder["found", $"{name}.nii.gz"], 1);
        }

        string[] command = ["evaluate", "--truth", folder["truth"], "--prediction", folder["found"]];
        var (exit, output, error) = CommandLine.Run(command);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(output, Does.Match(@"(?m)^one .*1\.0000").And.Contain("two").And.Not.Contain("three"));
            Assert.That(error, Does.Contain("two: the headers").And.Contain("three: "));
        });

        File.Delete(folder["found", "three.nii.gz"]);
        Assert.That(CommandLine.Run(command).Exit, Is.Zero);

        static void Write(string path, double factor)
        {
            var grid = new Grid(
                new(4, 4, 2), new(2.2 * factor, 2.2 * factor, 3 * factor), new(-50, -50, 10), Direction.Identity);
            var labels = new Volume<ushort>(grid);
            labels.Voxels.AsSpan(5, 6).Fill(500);
            VolumeFile.Write(labels, path);
        }
    }
}
