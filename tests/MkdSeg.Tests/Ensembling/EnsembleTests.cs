using MkdSeg.Ensembling;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Ensembling;

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

    [Test]
    public void Disagreement_is_half_the_difference_of_probabilities_over_pairs()
    {
        // |0.2-0.6| and |0.8-0.4|, halved: 0.4; with the third one pairs of 0.4, 0.8 and 0.4.
        var (a, b, c) = (Make(0.2f, 0.8f), Make(0.6f, 0.4f), Make(1, 0));
        Assert.Multiple(() =>
        {
            Assert.That(Disagreement(a, b), Is.EqualTo(0.4f).Within(1e-6f));
            Assert.That(Disagreement(a, b, c), Is.EqualTo(1.6f / 3).Within(1e-6f));
            Assert.That(Disagreement(a, a), Is.Zero);
        });

        static float Disagreement(params ProbabilityVolume[] probabilities)
        {
            var map = new float[1];
            Agreement.AddDisagreement(probabilities.Length, i => probabilities[i].Slice(0), map);
            return map[0];
        }
    }

    [Test]
    public void Agreement_is_Dice_between_the_masks_over_pairs()
    {
        // Class 1: 2·1/(2+1), twice 0 with the third; class 2: only the third has it; class 3: nobody.
        Volume<byte>[] masks = [Mask(1, 1, 0), Mask(1, 0, 0), Mask(2, 0, 0)];
        Assert.That(
            Agreement.PerStructure(masks[..2], 4), Is.EqualTo(new[] { 2.0 / 3, double.NaN, double.NaN }).Within(1e-12));
        Assert.That(
            Agreement.PerStructure(masks, 4), Is.EqualTo(new[] { 2.0 / 9, 0, double.NaN }).Within(1e-12));
    }

    private static Volume<byte> Mask(params byte[] classes) => new(TestVolumes.Grid(new(classes.Length, 1, 1)), classes);
}
