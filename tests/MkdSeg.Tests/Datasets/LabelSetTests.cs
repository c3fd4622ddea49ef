using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Datasets;

public class LabelSetTests
{
    private static readonly Grid Grid = new(new(5, 2, 1), new(1, 1, 1), default, Direction.Identity);

    [Test]
    public void WholeHeartHasTheTableOfTheMethod()
    {
        var rows = LabelSet.WholeHeart.Structures.Select(s => (s.ClassIndex, s.Name, (int)s.Value));

        Assert.That(rows, Is.EqualTo(new[]
        {
            (1, "MYO", 205), (2, "LA", 420), (3, "LV", 500), (4, "RA", 550), (5, "RV", 600), (6, "AA", 820),
            (7, "PA", 850),
        }));
        Assert.That(LabelSet.WholeHeart.ClassCount, Is.EqualTo(8));
    }

    [Test]
    public void ValuesAndClassesMapBothWays()
    {
        var values = new Volume<ushort>(Grid, [0, 205, 420, 421, 500, 550, 600, 820, 850, 0]);

        var classes = LabelSet.WholeHeart.ToClasses(values, "a.nii.gz");
        var back = LabelSet.WholeHeart.ToValues(classes);

        Assert.That(classes.Voxels, Is.EqualTo(new byte[] { 0, 1, 2, 2, 3, 4, 5, 6, 7, 0 }));
        Assert.That(back.Voxels, Is.EqualTo(new ushort[] { 0, 205, 420, 420, 500, 550, 600, 820, 850, 0 }));
    }

    [Test]
    public void AnUnknownValueNamesFileValueCountAndWhatIsKnown()
    {
        var values = new Volume<ushort>(Grid, [0, 205, 7, 7, 7, 550, 600, 9, 850, 0]);

        Assert.That(
            () => LabelSet.WholeHeart.ToClasses(values, "heart_label.nii.gz"),
            Throws.InstanceOf<UserErrorException>().With.Message.Matches(
                @"^heart_label\.nii\.gz: unknown label values 7 \(3 voxels\), 9 \(1 voxel\); known values are 0 background, "
                + "205 MYO, 420 LA, 421 LA, "));
    }

    [Test]
    public void IgnoredValuesBecomeBackgroundAndAreCounted()
    {
        var values = new Volume<ushort>(Grid, [0, 205, 7, 7, 7, 550, 600, 9, 850, 0]);

        var classes = LabelSet.WholeHeart.ToClasses(values, "a", [7, 9], out var ignored);

        Assert.That(ignored, Is.EqualTo(4));
        Assert.That(classes.Voxels, Is.EqualTo(new byte[] { 0, 1, 0, 0, 0, 4, 5, 0, 7, 0 }));
    }

    [Test]
    public void AClassThatDoesNotExistIsRejected() =>
        Assert.That(
            () => LabelSet.WholeHeart.ToValues(new(Grid, [0, 8, 0, 0, 0, 0, 0, 0, 0, 0])),
            Throws.ArgumentException.With.Message.Contains("Class index 8"));

    [Test]
    public void ColoursOfTheHeartLieWellApart()
    {
        var colors = LabelSet.WholeHeart.Structures
            .Select(s => Convert.FromHexString(s.Color[1..]))
            .ToList();
        var distances =
            from i in Enumerable.Range(0, colors.Count)
            from j in Enumerable.Range(0, i)
            select Math.Sqrt(colors[i].Zip(colors[j]).Sum(c => Math.Pow(c.First - c.Second, 2)));

        Assert.That(distances, Is.All.GreaterThan(80));
    }

    [Test]
    public void MistakesInALabelSetAreNamed()
    {
        var structure = LabelSet.WholeHeart.Structures[0];
        Assert.Multiple(() =>
        {
            Rejects("class indices 2", structure with { ClassIndex = 2 });
            Rejects("called 'MYO'", structure, structure with { ClassIndex = 2, Value = 1 });
            Rejects(
                "value 205 of structure 'X' already means MYO",
                structure,
                structure with { ClassIndex = 2, Name = "X" });
            Rejects("already means background", structure with { Value = 0 });
            Rejects("#rrggbb", structure with { Color = "red" });
            Rejects("0 structures");
        });

        static void Rejects(string words, params Structure[] structures) =>
            Assert.That(
                () => new LabelSet(structures), Throws.InstanceOf<UserErrorException>().With.Message.Contains(words));
    }
}
