using MkdSeg.Volumes;

namespace MkdSeg.Tests.Volumes;

public class OrientationTests
{
    private static readonly double Angle = 20 * Math.PI / 180;

    private static readonly Direction Oblique = new(
        new(Math.Cos(Angle), Math.Sin(Angle), 0), new(-Math.Sin(Angle), Math.Cos(Angle), 0), new(0, 0, 1));

    public static IEnumerable<string> Codes()
    {
        string[] pairs = ["LR", "PA", "SI"];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (var order in orders)
        {
            for (var flips = 0; flips < 8; flips++)
                yield return string.Concat(Enumerable.Range(0, 3).Select(i => pairs[order[i]][(flips >> i) & 1]));
        }
    }

    [Test]
    public void ThereAreFortyEightOrientations() => Assert.That(Codes().Distinct().Count(), Is.EqualTo(48));

    [TestCaseSource(nameof(Codes))]
    public void EveryVoxelStaysWhereItIsInThePatient(string code)
    {
        // Larger than a tile along every axis, with all sizes different.
        var volume = Numbered(new(new(35, 33, 36), new(0.5, 2, 3), new(-11, 7, 100), Direction.Identity));

        var reoriented = Orientation.Reorient(volume, code);

        Assert.That(Orientation.Of(reoriented.Grid), Is.EqualTo(code));
        AssertSamePlaces(volume, reoriented);
        var back = Orientation.Reorient(reoriented, "LPS");
        Assert.That(back.Voxels, Is.EqualTo(volume.Voxels));
        Assert.That((back.Grid.OriginMm - volume.Grid.OriginMm).Length, Is.LessThan(1e-9));
        Assert.That(back.Grid.Direction, Is.EqualTo(volume.Grid.Direction));
    }

    [TestCaseSource(nameof(Codes))]
    public void ObliqueGridsStayOblique(string code)
    {
        var volume = Numbered(new(new(3, 4, 5), new(1, 2, 3), new(4, 5, 6), Oblique));

        var reoriented = Orientation.Reorient(volume, code);

        Assert.That(Orientation.Of(volume.Grid), Is.EqualTo("LPS"));
        Assert.That(Orientation.Of(reoriented.Grid), Is.EqualTo(code));
        AssertSamePlaces(volume, reoriented);
    }

    [TestCaseSource(nameof(Codes))]
    public void AnyOrientationCanBeTheStart(string code)
    {
        var start = Orientation.Reorient(
            Numbered(new(new(3, 4, 5), new(1, 2, 3), new(4, 5, 6), Direction.Identity)), code);

        AssertSamePlaces(start, Orientation.Reorient(start, "SAR"));
    }

    [Test]
    public void LettersNameTheSideTowardsWhichAxesRun()
    {
        // A NIfTI file whose axes run to the right, front and head has negative x and y cosines in LPS.
        var grid = new Grid(new(2, 2, 2), new(1, 1, 1), default, new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1)));

        Assert.That(Orientation.Of(grid), Is.EqualTo("RAS"));
    }

    [Test]
    public void NothingToDoGivesTheSameObject()
    {
        var volume = new Volume<byte>(new Grid(new(2, 2, 2), new(1, 1, 1), default, Oblique));

        Assert.That(Orientation.Reorient(volume, "LPS"), Is.SameAs(volume));
        Assert.That(Orientation.Reorient(volume.Grid, "LPS"), Is.SameAs(volume.Grid));
    }

    [TestCase("LPX")]
    [TestCase("LRS")]
    [TestCase("LP")]
    [TestCase("lps")]
    public void RejectsWhatIsNoOrientation(string code)
    {
        var grid = new Grid(new(2, 2, 2), new(1, 1, 1), default, Direction.Identity);

        Assert.That(Orientation.IsCode(code), Is.False);
        Assert.That(() => Orientation.Reorient(grid, code), Throws.ArgumentException.With.Message.Contains(code));
    }

    private static Volume<int> Numbered(Grid grid) => new(grid, [.. Enumerable.Range(0, (int)grid.Size.VoxelCount)]);

    private static void AssertSamePlaces(Volume<int> volume, Volume<int> reoriented)
    {
        Assert.That(reoriented.Grid.Size.VoxelCount, Is.EqualTo(volume.Grid.Size.VoxelCount));
        var size = reoriented.Grid.Size;
        var worst = 0.0;
        var wrong = 0;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    var index = volume.Grid.ToIndex(reoriented.Grid.ToPoint(new(x, y, z)));
                    var (i, j, k) = ((int)Math.Round(index.X), (int)Math.Round(index.Y), (int)Math.Round(index.Z));
                    worst = Math.Max(worst, (index - new Vector3D(i, j, k)).Length);
                    wrong += volume[i, j, k] == reoriented[x, y, z] ? 0 : 1;
                }
            }
        }

        Assert.That(wrong, Is.Zero);
        Assert.That(worst, Is.LessThan(1e-9));
    }
}
