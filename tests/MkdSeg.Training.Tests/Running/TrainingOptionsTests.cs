using MkdSeg.Common;
using MkdSeg.Training.Losses;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

public class TrainingOptionsTests
{
    [Test]
    public void TheConstantsAreThePapers()
    {
        var mkd = new TrainingOptions().Mkd;

        Assert.That((mkd.LambdaCycle, mkd.LambdaKdReal, mkd.LambdaKdSyn), Is.EqualTo((10.0, 0.5, 1.0)));
        Assert.That(mkd.ImagePoolSize, Is.EqualTo(50));
        Assert.That(mkd.Temperature, Is.EqualTo(1));
        Assert.That(mkd.AdversarialForm, Is.EqualTo(AdversarialForm.LeastSquares));
    }

    [Test]
    public void ThePaperPresetHasThePapersSizes()
    {
        var paper = TrainingPresets.Paper;

        Assert.That((paper.Generator.Width, paper.Generator.Blocks, paper.Generator.ResidualOutput), Is.EqualTo((64, 9, false)));
        Assert.That((paper.Target.PatchSize, paper.SegmentorRate.Initial), Is.EqualTo((256, 2e-4)));
    }

    [Test]
    public void EveryPresetIsValidAndSurvivesJson()
    {
        foreach (var (name, options) in TrainingPresets.All)
        {
            Assert.That(options.Validate, Throws.Nothing, name);
            var text = StrictJson.Format(options);
            Assert.That(StrictJson.Format(StrictJson.Parse<TrainingOptions>(text, name)), Is.EqualTo(text), name);
        }
    }

    [Test]
    public void APatchThatTheNetworksCannotTakeIsRefused()
    {
        var options = TrainingPresets.Phantom with
        {
            Target = TrainingPresets.Phantom.Target with { PatchSize = 60 },
            Assistant = TrainingPresets.Phantom.Assistant with { PatchSize = 60 },
        };

        Assert.That(options.Validate, Throws.TypeOf<UserErrorException>().With.Message.Contains("60"));
    }

    [Test]
    public void AnUnknownPresetNamesTheKnownOnes() => Assert.That(
        () => TrainingPresets.Find("fast"), Throws.TypeOf<UserErrorException>().With.Message.Contains("phantom"));
}
