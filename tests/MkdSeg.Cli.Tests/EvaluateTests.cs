using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
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

    [Test]
    public void Doubts_are_measured_on_what_score_said_and_kept_in_the_bundle()
    {
        using var folder = new TemporaryFolder();
        // In d and e half the voxels are missing, and with them a third of Dice; no other structure is there.
        foreach (var (name, first) in (ReadOnlySpan<(string, int)>)[("a", 0), ("b", 0), ("c", 0), ("d", 8), ("e", 8)])
        {
            WriteMask(folder["truth", $"{name}_label.nii.gz"], 0);
            WriteMask(folder["found", $"{name}_image.nii.gz"], first);
        }

        string[] command =
        [
            "evaluate", "--truth", folder["truth"], "--prediction", $"ensemble={folder["found"]}", "--doubts", "0.8",
        ];
        var (exit, _, error) = CommandLine.Run(command);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("results.json does not exist; --doubts needs the output folder of mkdseg score"));

        StrictJson.Save(folder["found", "results.json"], new ResultsDocument
        {
            Model = "model",
            ModelSha256 = "",
            Device = "cpu",
            Structures = ["LV"],
            Cases =
            [
                Row("a", 0.9, CaseStatus.Ok), Row("b", 0.8, CaseStatus.Ok), Row("c", 0.7, CaseStatus.Doubtful),
                Row("d", 0.6, CaseStatus.Doubtful), Row("e", 0.74, CaseStatus.Ok),
            ],
        });
        Directory.CreateDirectory(folder["bundle"]);
        foreach (var file in Directory.EnumerateFiles(Repository.File("onnx/phantom-ct")))
            File.Copy(file, folder["bundle", Path.GetFileName(file)]);
        string output;
        (exit, output, error) = CommandLine.Run([.. command, "--record", folder["bundle"]]);
        Assert.That(exit, Is.Zero, error);
        Assert.Multiple(() =>
        {
            // By hand: e is above c, the other five pairs of a bad and a good case are in order.
            Assert.That(output, Does.Contain("2 of 5 cases have a mean Dice below 0.8.").And.Contain("ROC curve 0.833"));
            Assert.That(output, Does.Contain("agreement threshold: 0.770; below it are 2 of 2 bad and 1 of 3 good cases"));
            Assert.That(output, Does.Contain("Ok: 1 bad and 2 good cases.").And.Contain("Doubtful: 1 bad and 1 good cases."));
            Assert.That(ModelBundle.Load(folder["bundle"]).EffectiveQuality.MinAgreement, Is.EqualTo(0.77));
        });

        static CaseResult Row(string name, double agreement, CaseStatus status) => new()
        {
            Case = new($"{name}_image", $"{name}_image.nii.gz"),
            Status = status,
            Agreement = agreement,
            Seconds = new Dictionary<ScoringStage, double>(),
        };

        static void WriteMask(string path, int first)
        {
            var labels = new Volume<ushort>(new(new(4, 4, 2), new(2, 2, 2), default, Direction.Identity));
            // Predicted first to 16, annotated 0 to 16: Dice 2 · 8 / (8 + 16).
            labels.Voxels.AsSpan(first, 16 - first).Fill(500);
            VolumeFile.Write(labels, path);
        }
    }
}
