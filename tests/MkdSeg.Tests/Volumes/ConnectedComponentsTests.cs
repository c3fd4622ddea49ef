using MkdSeg.Volumes;

namespace MkdSeg.Tests.Volumes;

public class ConnectedComponentsTests
{
    [Test]
    public void KeepsThePartWithMostVoxelsWhateverItsClasses()
    {
        // Two slices of 4×2; the part of classes 1 and 2 has 4 voxels through the slices, the diagonal 3 is apart.
        byte[] voxels =
        [
            1, 1, 0, 3,
            0, 0, 0, 3,

            2, 2, 0, 0,
            0, 0, 3, 0,
        ];
        var volume = new Volume<byte>(new(new(4, 2, 2), new(1, 1, 1), default, Direction.Identity), [.. voxels]);

        var largest = ConnectedComponents.KeepLargest(volume);

        Assert.That(largest.Voxels, Is.EqualTo(new byte[] { 1, 1, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0 }));
        Assert.That(volume.Voxels, Is.EqualTo(voxels), "the input stays as it is");
    }

    [Test]
    public void RowEndsAreNoNeighbours()
    {
        byte[] voxels = [0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1];
        var volume = new Volume<byte>(new(new(3, 4, 1), new(1, 1, 1), default, Direction.Identity), voxels);

        Assert.That(
            ConnectedComponents.KeepLargest(volume).Voxels,
            Is.EqualTo(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1 }));
    }

    [Test]
    public void AnEmptyMaskStaysEmpty()
    {
        var volume = new Volume<byte>(new Grid(new(3, 2, 1), new(1, 1, 1), default, Direction.Identity));

        Assert.That(ConnectedComponents.KeepLargest(volume).Voxels, Is.All.Zero);
    }

    [Test]
    public void The_largest_part_of_each_class_stays()
    {
        var grid = new Grid(new(9, 1, 1), new(1, 1, 1), default, Direction.Identity);
        var classes = new Volume<byte>(grid, [1, 0, 1, 1, 2, 1, 2, 2, 0]);
        Assert.That(
            ConnectedComponents.KeepLargestOfEachClass(classes).Voxels,
            Is.EqualTo(new byte[] { 0, 0, 1, 1, 0, 0, 2, 2, 0 }));
    }

    [Test]
    public void A_mask_without_stray_parts_or_cavities_is_not_copied()
    {
        var classes = Cube(5);
        Assert.That(ConnectedComponents.KeepLargestOfEachClass(classes), Is.SameAs(classes));
        Assert.That(ConnectedComponents.FillHoles(classes), Is.SameAs(classes));
        var empty = new Volume<byte>(classes.Grid);
        Assert.That(ConnectedComponents.FillHoles(empty), Is.SameAs(empty));
    }

    [Test]
    public void Cavities_take_the_class_that_alone_encloses_them()
    {
        var classes = Cube(7);
        classes[3, 3, 3] = 0;
        classes[3, 3, 2] = 0;
        classes[2, 2, 4] = 0;
        var filled = ConnectedComponents.FillHoles(classes);
        Assert.That(filled.Voxels, Is.EqualTo(Cube(7).Voxels));
        Assert.That(classes[3, 3, 3], Is.Zero, "the input stays as it is");
        Assert.That(
            ConnectedComponents.FillHoles(classes, 0.0015).Voxels.Count(value => value == 1), Is.EqualTo(123),
            "of a cavity of 2 µL and one of 1 µL, the smaller is filled");
    }

    [Test]
    public void Open_or_shared_background_is_no_cavity()
    {
        var tunnel = Cube(7);
        for (var z = 0; z < 4; z++)
            tunnel[3, 3, z] = 0;
        Assert.That(ConnectedComponents.FillHoles(tunnel), Is.SameAs(tunnel), "open to the outside");
        var shared = Cube(7);
        shared[3, 3, 3] = 0;
        shared[3, 3, 4] = 2;
        Assert.That(ConnectedComponents.FillHoles(shared), Is.SameAs(shared), "two structures touch it");
        var border = new Volume<byte>(new(new(3, 3, 1), new(1, 1, 1), default, Direction.Identity), [1, 1, 1, 1, 0, 1, 1, 1, 1]);
        Assert.That(ConnectedComponents.FillHoles(border), Is.SameAs(border), "the volume ends at the hole");
    }

    [Test]
    public void Parts_of_random_masks_are_those_of_a_flood_fill()
    {
        var random = new Random(7);
        for (var round = 0; round < 30; round++)
        {
            var size = new GridSize(random.Next(1, 9), random.Next(1, 9), random.Next(1, 9));
            var classes = new Volume<byte>(new Grid(size, new(1, 1, 1), default, Direction.Identity));
            foreach (ref var value in classes.Voxels.AsSpan())
                value = (byte)(random.Next(3) * random.Next(2));
            var expected = classes.Voxels.ToArray();
            foreach (var parts in Parts(classes).Where(part => part.Value != 0).GroupBy(part => part.Value))
            {
                foreach (var index in parts.OrderByDescending(part => part.Voxels.Count).Skip(1).SelectMany(part => part.Voxels))
                    expected[index] = 0;
            }

            Assert.That(ConnectedComponents.KeepLargestOfEachClass(classes).Voxels, Is.EqualTo(expected), $"{size}");
        }
    }

    // In the order of their first voxels, which OrderByDescending keeps among equals.
    private static List<(byte Value, List<int> Voxels)> Parts(Volume<byte> classes)
    {
        var size = classes.Grid.Size;
        var seen = new bool[classes.Voxels.Length];
        var parts = new List<(byte, List<int>)>();
        for (var seed = 0; seed < seen.Length; seed++)
        {
            if (seen[seed])
                continue;
            seen[seed] = true;
            var part = new List<int> { seed };
            for (var next = 0; next < part.Count; next++)
            {
                var (x, y, z) = (part[next] % size.X, part[next] / size.X % size.Y, part[next] / size.SliceLength);
                (int X, int Y, int Z)[] neighbours =
                    [(x - 1, y, z), (x + 1, y, z), (x, y - 1, z), (x, y + 1, z), (x, y, z - 1), (x, y, z + 1)];
                foreach (var (a, b, c) in neighbours)
                {
                    if (a < 0 || b < 0 || c < 0 || a >= size.X || b >= size.Y || c >= size.Z)
                        continue;
                    var index = a + (size.X * (b + (size.Y * c)));
                    if (!seen[index] && classes.Voxels[index] == classes.Voxels[seed])
                    {
                        seen[index] = true;
                        part.Add(index);
                    }
                }
            }

            parts.Add((classes.Voxels[seed], part));
        }

        return parts;
    }

    // A cube of class 1 with one voxel of background around.
    private static Volume<byte> Cube(int side)
    {
        var classes = new Volume<byte>(new Grid(new(side, side, side), new(1, 1, 1), default, Direction.Identity));
        for (var z = 1; z < side - 1; z++)
        {
            for (var y = 1; y < side - 1; y++)
            {
                for (var x = 1; x < side - 1; x++)
                    classes[x, y, z] = 1;
            }
        }

        return classes;
    }
}
