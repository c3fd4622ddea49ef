using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Experiments.Diagnosis;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Running;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Experiments.Tests.Diagnosis;

public class TeacherDiagnosisTests
{
    private static readonly DirectProgress<WorkEvent> Nobody = new(_ => { });
    private static readonly InferenceOptions Cpu = new() { Device = "cpu", Threads = 1 };

    [Test]
    public void Statistics_are_those_of_a_hand_calculation()
    {
        // Two classes beside background; four voxels: right, missed, background, right.
        var grid = new Grid(new(2, 2, 1), new(1, 1, 1), default, Direction.Identity);
        var probabilities = new ProbabilityVolume(grid, 3,
        [
            0.1f, 0.6f, 1f, 0.2f,
            0.8f, 0.3f, 0f, 0.2f,
            0.1f, 0.1f, 0f, 0.6f,
        ]);
        var statistics = new TeacherStatistics(3);
        statistics.Add(probabilities, new(grid, [1, 2, 0, 2]));
        Assert.Multiple(() =>
        {
            // 1 of class 1; 2 · 1 / (1 + 2) of class 2
            Assert.That(statistics.MeanDice, Is.EqualTo(5 / 6.0).Within(1e-6));
            Assert.That(statistics.Accuracy, Is.EqualTo(2 / 3.0).Within(1e-6));
            Assert.That(statistics.Confidence, Is.EqualTo((0.8 + 0.6 + 0.6) / 3).Within(1e-6));
            // The bin of .8 has |1 - .8|, the bin of .6 has |1 - 1.2|.
            Assert.That(statistics.CalibrationError, Is.EqualTo((0.2 + 0.2) / 3).Within(1e-6));
            Assert.That(statistics.Entropy, Is.EqualTo((0.63903 + 0.89795 + 0.95027) / 3).Within(1e-5));
        });
    }

    [Test]
    public void Teachers_are_examined_on_target_and_on_translated_images()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 3, ctTest: 1);
        var options = TinyExperiment.Options with { Setting = ExperimentSetting.Long, Iterations = 12, Methods = ["mkd"] };
        var run = ExperimentPlan.Create(manifest, options).Runs.Single();
        var finished = RunFolder.Of(folder.Path, run);
        RunExecutor.Execute(finished, run, manifest, Nobody);

        var rows = TeacherDiagnosis.Examine(ModelBundle.Load(finished.Bundle), manifest, Cpu, Nobody);

        Assert.That(
            rows.Select(row => (row.Segmentor, row.Images, row.Volumes)),
            Is.EqualTo(new[] { ("S_real", "CT", 1), ("S_real", "MR as CT", 3), ("S_syn", "CT", 1), ("S_syn", "MR as CT", 3) }));
        // On target images as TorchSharp scored them in training, on the same grid.
        Assert.That(rows[0].Values.MeanDice, Is.EqualTo(finished.ReadCurve(RowMember.SReal)[^1].Dice).Within(5e-5));
        Assert.That(rows[2].Values.MeanDice, Is.EqualTo(finished.ReadCurve(RowMember.SSyn)[^1].Dice).Within(5e-5));
        Assert.That(rows[1].Values.Confidence, Is.Not.EqualTo(rows[0].Values.Confidence), "other images");
        Assert.That(TeacherDiagnosis.ToMarkdown(rows).Split('\n')[2], Does.StartWith("| S_real | CT | 1 | ."));
    }

    [Test]
    public void A_modality_without_annotations_is_named()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var options = TinyExperiment.Options with { Methods = ["mkd"], TargetVolumes = [1] };
        var run = ExperimentPlan.Create(manifest, options).Runs.Single();
        var finished = RunFolder.Of(folder.Path, run);
        RunExecutor.Execute(finished, run, manifest, Nobody);
        File.Delete(manifest.LabelPath(manifest.Cases.Single(entry => entry.Modality == "MR"))!);

        var error = Assert.Throws<UserErrorException>(
            () => TeacherDiagnosis.Examine(ModelBundle.Load(finished.Bundle), manifest, Cpu, Nobody));
        Assert.That(error.Message, Does.Contain("'tiny' has no annotated MR case"));
    }
}
