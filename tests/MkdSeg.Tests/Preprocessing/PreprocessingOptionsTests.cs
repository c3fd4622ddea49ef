using MkdSeg.Common;
using MkdSeg.Preprocessing;

namespace MkdSeg.Tests.Preprocessing;

public class PreprocessingOptionsTests
{
    [Test]
    public void DefaultsAreThoseOfThePhantomPreset() =>
        Assert.That(new PreprocessingOptions(), Is.EqualTo(new PreprocessingOptions
        {
            Orientation = "LPS",
            InPlaneSpacingMm = 2.5,
            PatchSize = 64,
            ZMarginMm = 15,
            Window = new() { LowerValue = -200, UpperPercentile = 98 },
            Crop = CropRule.Label,
        }));

    [Test]
    public void SurviveJson()
    {
        var options = new PreprocessingOptions { Crop = CropRule.Located, Window = IntensityWindow.Mr, PatchSize = 96 };

        var json = StrictJson.Format(options);

        Assert.That(json, Does.Contain("\"crop\": \"located\""));
        Assert.That(StrictJson.Parse<PreprocessingOptions>(json, "x"), Is.EqualTo(options));
    }

    [Test]
    public void NonsenseIsNamed()
    {
        var options = new PreprocessingOptions();
        Assert.Multiple(() =>
        {
            Rejects(options with { Orientation = "XYZ" }, "XYZ");
            Rejects(options with { InPlaneSpacingMm = 0 }, "inPlaneSpacingMm");
            Rejects(options with { PatchSize = 0 }, "patchSize");
            Rejects(options with { ZMarginMm = -1 }, "zMarginMm");
            Rejects(options with { Window = new() { UpperPercentile = 120 } }, "percentile");
            Rejects(options with { Window = new() { LowerValue = 5, UpperValue = 5 } }, "intensity window");
        });

        static void Rejects(PreprocessingOptions options, string words) =>
            Assert.That(
                () => options.Validate("here"),
                Throws.InstanceOf<UserErrorException>().With.Message.Matches($"^here: .*{words}"));
    }
}
