using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Datasets;

public class PhotographReaderTests
{
    private const int CarClass = 14;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [TestCase("Cityscapes")]
    [TestCase("GTA5")]
    public void ValuesAndPalettesBecomeClassesAndTheRestIsIgnored(string modality)
    {
        var manifest = StreetScenes.Draw(_folder.Path, 1);
        var photograph = new PhotographReader(manifest).Read(manifest.CasesOf(modality, "train")[0]);

        var expected = StreetScenes.Labels(0).Select(value => value switch
        {
            7 => 1,
            23 => 11,
            26 => CarClass,
            _ => LabelSet.IgnoredClass,
        });
        Assert.That(photograph.Classes.Voxels, Is.EqualTo(expected.Select(index => (byte)index)));
        Assert.That(photograph.Warnings, Is.Empty);
    }

    [Test]
    public void ColoursAreChannelsBetweenMinus1And1()
    {
        var manifest = StreetScenes.Draw(_folder.Path, 1);
        var image = new PhotographReader(manifest).Read(manifest.CasesOf("Cityscapes", "train")[0]).Image;

        Assert.That(image.Grid.Size, Is.EqualTo(new GridSize(StreetScenes.Width, StreetScenes.Height, 3)));
        // The sky is (110, 160, 220).
        Assert.That(
            Enumerable.Range(0, 3).Select(c => image[0, 0, c]),
            Is.EqualTo(new[] { 110, 160, 220 }.Select(value => (value / 127.5f) - 1)).Within(1e-6));
    }

    [Test]
    public void SizesMustAgreeAndLabelsMustMeanSomething()
    {
        var manifest = StreetScenes.Draw(_folder.Path, 1);
        var entry = manifest.CasesOf("Cityscapes", "train")[0];
        PhotographFile.WriteLabels(Labels(StreetScenes.Width), entry.LabelPath);
        var unlabelled = new PhotographReader(manifest).Read(entry);
        Assert.That(unlabelled.Warnings, Has.One.Contains("no pixel has a label value"));

        PhotographFile.WriteLabels(Labels(10), entry.LabelPath);
        Assert.That(
            () => new PhotographReader(manifest).Read(entry),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("10×48"));
    }

    private static Volume<byte> Labels(int width) =>
        new(new Grid(new(width, StreetScenes.Height, 1), new(1, 1, 1), default, Direction.Identity));
}
