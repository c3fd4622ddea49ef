using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Data;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Data;

public class PhantomSurroundingsTests
{
    private static readonly LocatorOptions Options = new()
    {
        Settings = new() { SpacingMm = 12 }, PhantomThoraxes = 1, PhantomOthers = 2,
    };

    [TestCase("CT")]
    [TestCase("MR")]
    public void A_thorax_has_a_heart_and_the_others_have_none(string modality)
    {
        var cases = Make(modality, LabelSet.WholeHeart);
        Assert.That(cases.Select(item => item.Heart.Voxels.Contains((byte)1)), Is.EqualTo(new[] { true, false, false }));
        Assert.That(cases.Select(item => item.Image.Grid.SpacingMm.Z), Is.All.EqualTo(12));
    }

    [Test]
    public void The_heart_is_what_the_data_label()
    {
        var aorta = new LabelSet(
        [
            LabelSet.WholeHeart.Structures.Single(structure => structure.Name == "AA") with { ClassIndex = 1 },
        ]);
        var share = (double)Voxels(Make("CT", aorta)) / Voxels(Make("CT", LabelSet.WholeHeart));
        Assert.That(share, Is.InRange(0.02, 0.3));

        static int Voxels(LocatorCase[] cases) => cases[0].Heart.Voxels.Count(v => v == 1);
    }

    [Test]
    public void Other_organs_and_modalities_get_no_phantom()
    {
        var liver = new LabelSet(
            [new() { ClassIndex = 1, Name = "LIV", FullName = "liver", Value = 1, Color = "#ff0000" }]);
        Assert.That(Make("CT", liver), Is.Empty);
        Assert.That(Make("PET", LabelSet.WholeHeart), Is.Empty);
    }

    private static LocatorCase[] Make(string modality, LabelSet labels) =>
        [.. PhantomSurroundings.Make(Options, modality, labels, new SeededRandom(3))];
}
