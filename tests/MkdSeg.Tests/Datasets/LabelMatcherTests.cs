using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Datasets;

public class LabelMatcherTests
{
    private static readonly CaseEntry Case = new() { Id = "ct_1", Modality = "CT", Image = "i", Label = "l" };

    private static readonly Grid Image = new(new(6, 5, 4), new(0.5, 0.5, 2), new(10, 20, 30), Direction.Identity);

    [Test]
    public void SlightDisagreementKeepsTheImagesGridAndWarns()
    {
        var label = new Grid(Image.Size, new(0.501, 0.5, 2), new(10.2, 20, 30), Direction.Identity);

        var (classes, warnings) = Match(Case, label, 205);

        Assert.That(classes.Grid, Is.SameAs(Image));
        Assert.That(classes.Voxels, Is.All.EqualTo(1));
        Assert.That(warnings.Single(), Is.EqualTo(
            "ct_1: the headers of image and label differ by 0.4 voxels in origin, 0.2% in spacing and 0 in the axis "
            + "directions; the image's header is used."));
    }

    [Test]
    public void EqualGridsAndRoundingAreNotWorthAWord()
    {
        Assert.That(Match(Case, Image, 205).Warnings, Is.Empty);
        Assert.That(
            Match(Case, new(Image.Size, Image.SpacingMm, new(10.00001, 20, 30), Direction.Identity), 205).Warnings,
            Is.Empty);
    }

    [Test]
    public void An_annotation_without_a_voxel_is_named() =>
        Assert.That(
            Match(Case, Image, 0).Warnings, Is.EqualTo(new[] { "ct_1: the annotation l.nii.gz has no labelled voxel." }));

    [Test]
    public void LargeDisagreementGivesBothGeometries()
    {
        Assert.Multiple(() =>
        {
            Rejects(new(new(6, 5, 3), Image.SpacingMm, Image.OriginMm, Direction.Identity), "6×5×3");
            Rejects(new(Image.Size, new(0.6, 0.5, 2), Image.OriginMm, Direction.Identity), "0.6×0.5×2 mm");
            Rejects(new(Image.Size, Image.SpacingMm, new(10.3, 20, 30), Direction.Identity), "(10.3, 20, 30)");
            Rejects(
                new(Image.Size, Image.SpacingMm, Image.OriginMm, new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1))),
                "RAS");
        });

        static void Rejects(Grid label, string words) =>
            Assert.That(
                () => Match(Case, label, 0),
                Throws.InstanceOf<UserErrorException>().With.Message.StartsWith("ct_1:").And.Message.Contains(words)
                    .And.Message.Contains("the image has 6×5×4 voxels of 0.5×0.5×2 mm"));
    }

    [Test]
    public void TheBorderIsClearedAndCounted()
    {
        // One voxel at each face of 6×5×4 leaves 4×3×2; unknown values there do no harm.
        var (classes, warnings) = Match(Case with { IgnoredLabelBorderVoxels = 1 }, Image, 205, atFirstVoxel: 3);

        Assert.That(classes.Voxels.Count(c => c == 1), Is.EqualTo(24));
        Assert.That(classes[1, 1, 1], Is.EqualTo(1));
        Assert.That(warnings.Single(), Does.StartWith("ct_1: 96 labelled voxels within 1 voxels"));
        Assert.That(Match(Case with { IgnoredLabelBorderVoxels = 9 }, Image, 205).Classes.Voxels, Is.All.Zero);
    }

    [Test]
    public void IgnoredValuesAreCounted()
    {
        var (classes, warnings) = Match(Case with { IgnoredLabelValues = [3] }, Image, 205, atFirstVoxel: 3);

        Assert.That(classes.Voxels[0], Is.Zero);
        Assert.That(warnings.Single(), Does.StartWith("ct_1: 1 voxels with the label values 3"));
    }

    private static (Volume<byte> Classes, List<string> Warnings) Match(
        CaseEntry entry, Grid grid, ushort value, ushort? atFirstVoxel = null)
    {
        var labels = new Volume<ushort>(grid);
        Array.Fill(labels.Voxels, value);
        labels.Voxels[0] = atFirstVoxel ?? value;
        var warnings = new List<string>();
        return (LabelMatcher.Match(entry, Image, labels, "l.nii.gz", LabelSet.WholeHeart, warnings), warnings);
    }
}
