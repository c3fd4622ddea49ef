using MkdSeg.Common;
using MkdSeg.Training.Losses;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

public class TrainingOptionsTests
{
    [Test]
    public void The_constants_are_the_papers()
    {
        var mkd = new TrainingOptions().Mkd;

        Assert.That((mkd.LambdaCycle, mkd.LambdaKdReal, mkd.LambdaKdSyn), Is.EqualTo((10.0, 0.5, 1.0)));
        Assert.That(mkd.ImagePoolSize, Is.EqualTo(50));
        Assert.That(mkd.Temperature, Is.EqualTo(1));
        Assert.That(mkd.AdversarialForm, Is.EqualTo(AdversarialForm.LeastSquares));
    }

    [Test]
    public void The_paper_preset_has_the_papers_sizes()
    {
        var paper = TrainingPresets.Paper;

        Assert.That((paper.Generator.Width, paper.Generator.Blocks, paper.Generator.ResidualOutput), Is.EqualTo((64, 9, false)));
        Assert.That((paper.Target.PatchSize, paper.SegmentorRate.Initial), Is.EqualTo((256, 2e-4)));
    }

    [Test]
    public void Every_preset_is_valid_and_survives_json()
    {
        foreach (var (name, options) in TrainingPresets.All)
        {
            Assert.That(options.Validate, Throws.Nothing, name);
            var text = StrictJson.Format(options);
            Assert.That(StrictJson.Format(StrictJson.Parse<TrainingOptions>(text, name)), Is.EqualTo(text), name);
        }
    }

    [Test]
    public void A_patch_that_the_networks_cannot_take_is_refused()
    {
        var options = TrainingPresets.Phantom with
        {
            Target = TrainingPresets.Phantom.Target with { PatchSize = 60 },
            Assistant = TrainingPresets.Phantom.Assistant with { PatchSize = 60 },
        };

        Assert.That(options.Validate, Throws.TypeOf<UserErrorException>().With.Message.Contains("60"));
    }

    [Test]
    public void An_unknown_preset_names_the_known_ones() => Assert.That(
        () => TrainingPresets.Find("fast"), Throws.TypeOf<UserErrorException>().With.Message.Contains("phantom"));
}
