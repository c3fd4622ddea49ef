using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Metrics;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

public class PhotographComparisonTests
{
    private const byte Road = 7;
    private TemporaryFolder _folder = null!;
    private PhotographManifest _manifest = null!;

    [SetUp]
    public void Draw()
    {
        _folder = new();
        _manifest = StreetScenes.Draw(_folder["data"], 2);
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Label_images_are_matched_by_path_and_pixels_without_a_class_do_not_count()
    {
        // As written by a scoring of leftImg8bit/train: one all road, the other right.
        var cases = _manifest.CasesOf("Cityscapes", "train");
        Write(cases[0], Enumerable.Repeat(Road, StreetScenes.Width * StreetScenes.Height).ToArray());

        var comparison = PhotographComparison.OfFolder(_folder["found"], _manifest);

        var truth = StreetScenes.Labels(0);
        var (road, counted) = (truth.Count(value => value == Road), truth.Count(value => value != 1));
        Assert.That(counted, Is.LessThan(truth.Length), "the bonnet is no class");
        Assert.That(comparison.OnlyReference, Is.EqualTo(new[] { cases[1].Id }));
        var scores = comparison.Table.Cases.Single();
        Assert.Multiple(() =>
        {
            Assert.That(scores.CaseId, Is.EqualTo(cases[0].Id));
            Assert.That(Iou(scores, "road"), Is.EqualTo((double)road / counted).Within(1e-12));
            Assert.That(Iou(scores, "sky"), Is.Zero);
            Assert.That(Iou(scores, "bus"), Is.NaN);
        });

        Write(cases[1], [.. StreetScenes.Labels(1).Select(value => value == 1 ? Road : value)]);
        var both = PhotographComparison.OfFolder(_folder["found"], _manifest);
        var second = StreetScenes.Labels(1);
        var road2 = second.Count(value => value == Road);
        Assert.That(
            Iou(both.Table.Overall!, "road"), Is.EqualTo((double)(road + road2) / (counted + road2)).Within(1e-12));
        Assert.That(both.OnlyReference, Is.Empty);
        var shown = new ScoreTable(_manifest.LabelSet, both.Table.Cases, SegmentationMetric.IntersectionOverUnion)
        {
            Overall = both.Table.Overall,
        };
        Assert.That(shown.ToText().Split('\n'), Has.Some.StartsWith("all pixels"));
    }

    [Test]
    public void What_does_not_belong_to_the_data_set_is_refused()
    {
        var entry = _manifest.CasesOf("Cityscapes", "train")[0];
        Directory.CreateDirectory(_folder["found"]);
        Assert.That(
            () => PhotographComparison.OfFolder(_folder["found"], _manifest),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("No label image"));
        Write(entry, new byte[8], 4);
        Assert.That(
            () => PhotographComparison.OfFolder(_folder["found"], _manifest),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("4×2"));
        Write(entry, [.. Enumerable.Repeat((byte)99, StreetScenes.Width * StreetScenes.Height)]);
        Assert.That(
            () => PhotographComparison.OfFolder(_folder["found"], _manifest),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("99"));
    }

    private double Iou(SegmentationScores scores, string name) =>
        scores.IntersectionOverUnion![_manifest.Labels.ToList().FindIndex(structure => structure.Name == name)];

    private void Write(PhotographCase entry, byte[] labels, int width = StreetScenes.Width)
    {
        var path = Path.GetRelativePath(_folder["data/leftImg8bit/train"], entry.ImagePath);
        PhotographFile.WriteLabels(
            new(
                new Grid(new(width, labels.Length / width, 1), new(1, 1, 1), default, Direction.Identity), labels),
            _folder["found", path]);
    }
}
