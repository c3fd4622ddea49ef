using MkdSeg.TestKit;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Methods;

/// <summary>Methods that go in stages.</summary>
public class StagedMethodTests
{
    [Test]
    public void Each_stage_has_all_iterations_and_its_learning_rates_start_anew()
    {
        var options = TinyTraining.Options with { Iterations = 2, SegmentorRate = new(0.01, LearningRateDecay.Linear) };
        using var folder = new TemporaryFolder();
        using var method = TinyTraining.Method("fine-tune", options);
        var trainer = TinyTraining.Trainer(method, options);

        trainer.Run(folder["metrics.csv"], new Recorder(), () => { });

        var rows = File.ReadAllLines(folder["metrics.csv"]).Skip(1).Select(row => row.Split(','));
        Assert.That(trainer.Iterations, Is.EqualTo(4));
        Assert.That(
            rows.Select(row => $"{row[0]} {row[1]} {row[3]}"),
            Is.EqualTo(["1 pretrain 0.01", "2 pretrain 0.005", "3 fine-tune 0.01", "4 fine-tune 0.005"]));
    }

    [Test]
    public void Fine_tuning_is_the_baseline_from_pretrained_weights_with_a_fresh_optimizer()
    {
        var options = TinyTraining.Options with { Iterations = 2 };
        using var fineTune = new FineTune(TinyTraining.Networks(options));
        using var baseline = new Baseline(TinyTraining.Networks(options));
        var trainer = TinyTraining.Trainer(fineTune, options);
        var ofBaseline = TinyTraining.Trainer(baseline, options with { Iterations = 3 });
        for (var i = 0; i < 2; i++)
        {
            trainer.Step();
            ofBaseline.Step();
        }

        baseline.S.Parameters.Load(fineTune.S.Parameters.ToWeights());
        baseline.S.RestartOptimizer();
        trainer.Step();
        ofBaseline.Step();

        Assert.That(
            fineTune.S.Parameters.ToWeights().ComputeHash(),
            Is.EqualTo(baseline.S.Parameters.ToWeights().ComputeHash()));
    }
}
