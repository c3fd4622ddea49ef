using MkdSeg.Training.Methods;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Methods;

public class MutualKnowledgeDistillationTests
{
    private static readonly LearningRates Rates = new(1e-3, 1e-3);

    [Test]
    public void Losses_carry_their_networks_and_names()
    {
        using var scope = NewDisposeScope();
        using var mkd = TinyTraining.Mkd();

        var losses = mkd.Step(TinyTraining.Batch(), Rates).Read();

        Assert.That(
            losses.Select(loss => $"{loss.Network} {loss.Name}"),
            Is.EqualTo(
            [
                "G_a→t L_adv_at", "G_a→t L_cyc_at", "G_a→t L_sup_at", "D_t L_adv_t", "G_t→a L_adv_ta", "G_t→a L_cyc_ta",
                "D_a L_adv_a", "S_syn L_sup_syn", "S_syn L_kd_rs", "S_real L_sup_real", "S_real L_kd_sr",
            ]));
    }

    [Test]
    public void Weights_of_zero_take_the_distillation_out()
    {
        // S_real then learns from (x^t, y^t) alone and must agree bit by bit with the baseline on the same weights.
        using var scope = NewDisposeScope();
        var options = TinyTraining.Options with { Mkd = new() { LambdaKdReal = 0 } };
        using var mkd = TinyTraining.Mkd(options);
        using var baseline = new Baseline(TinyTraining.Networks(options));
        var batch = TinyTraining.Batch();

        mkd.Step(batch, Rates);
        baseline.Step(batch, Rates);

        var expected = baseline.S.Parameters.ToWeights();
        foreach (var array in mkd.Distillation.S_real.Parameters.ToWeights().Arrays)
        {
            Assert.That(array.Values, Is.EqualTo(expected[array.Name].Values).Within(1e-5), array.Name);
        }
    }

    [Test]
    public void Running_statistics_move_only_in_a_networks_own_update()
    {
        using var scope = NewDisposeScope();
        var options = TinyTraining.Options with
        {
            Segmentor = TinyTraining.Options.Segmentor with { Norm = MkdSeg.Training.Networks.Normalization.Batch },
        };
        using var mkd = TinyTraining.Mkd(options);
        var before = Statistics(mkd.Distillation.S_syn);
        mkd.Alignment.G_at.Updated += () => Assert.That(Statistics(mkd.Distillation.S_syn), Is.EqualTo(before), "moved by the frozen pass");
        mkd.Distillation.S_syn.Updated += () => before = Statistics(mkd.Distillation.S_syn);

        mkd.Step(TinyTraining.Batch(), Rates);

        Assert.That(Statistics(mkd.Distillation.S_syn), Is.EqualTo(before), "moved by the teacher's pass");
    }

    private static float[] Statistics(TrainedNetwork network) =>
        [.. network.Parameters.ToWeights().Arrays.Where(array => array.Name.Contains("running")).SelectMany(array => array.Values)];
}
