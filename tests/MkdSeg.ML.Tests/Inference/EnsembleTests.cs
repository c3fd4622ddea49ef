using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Tests.Inference;

public class EnsembleTests
{
    private static ProbabilityVolume Make(params float[] values) =>
        new(TestVolumes.Grid(new(values.Length / 2, 1, 1)), 2, values);

    [Test]
    public void Equal_weights_give_the_mean()
    {
        var mean = Ensemble.Average([Make(0.2f, 0.8f, 1, 0), Make(0.4f, 0.6f, 0, 1)]);
        Assert.That(mean.Values, Is.EqualTo(new[] { 0.3f, 0.7f, 0.5f, 0.5f }).Within(1e-6f));
    }

    [Test]
    public void Weights_need_not_add_up_to_one()
    {
        var mean = Ensemble.Average([Make(0.2f, 0.8f), Make(0.6f, 0.4f)], [3, 1]);
        Assert.That(mean.Values, Is.EqualTo(new[] { 0.3f, 0.7f }).Within(1e-6f));
    }

    [Test]
    public void Odd_lengths_are_summed_to_the_last_value()
    {
        var values = Enumerable.Range(0, 2 * 37).Select(i => i / 100f).ToArray();
        var mean = Ensemble.Average([Make(values), Make([.. values.Reverse()])]);
        Assert.That(mean.Values, Is.All.EqualTo(0.365f).Within(1e-6f));
    }

    [Test]
    public void One_volume_is_its_own_mean()
    {
        var one = Make(0.2f, 0.8f);
        Assert.That(Ensemble.Average([one]), Is.SameAs(one));
    }

    [Test]
    public void Inputs_are_not_changed()
    {
        var first = Make(0.2f, 0.8f);
        Ensemble.Average([first, Make(0.4f, 0.6f)]);
        Assert.That(first.Values, Is.EqualTo(new[] { 0.2f, 0.8f }));
    }

    [Test]
    public void Other_sizes_and_weights_are_refused()
    {
        var one = Make(0.2f, 0.8f);
        Assert.Multiple(() =>
        {
            Assert.That(() => Ensemble.Average([one, Make(1, 0, 1, 0)]), Throws.ArgumentException);
            Assert.That(() => Ensemble.Average([one, one], [1]), Throws.ArgumentException);
            Assert.That(() => Ensemble.Average([one, one], [0, 0]), Throws.ArgumentException);
            Assert.That(() => Ensemble.Average([one, one], [2, -1]), Throws.ArgumentException);
            Assert.That(() => Ensemble.Average([]), Throws.ArgumentException);
        });
    }
}
