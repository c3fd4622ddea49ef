using MkdSeg.Datasets;
using MkdSeg.Rendering;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Rendering;

public class ThreePlanesTests
{
    private static readonly Grid Cube = new(new(10, 10, 10), new(1, 1, 1), new(0, 0, 0), Direction.Identity);

    [Test]
    public void Transverse_plane_has_the_front_up_and_the_patients_right_on_the_left()
    {
        // LPS: x grows to the patient's left, y to the back, z to the head.
        var image = new Volume<float>(Cube);
        for (var z = 0; z < 10; z++)
        {
            image[0, 0, z] = 100; // right front
        }

        var picture = ThreePlanes.Draw(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 10);
        Assert.That(picture[0, 0], Is.EqualTo(((byte)255, (byte)255, (byte)255)));
        Assert.That(picture[9, 0].R, Is.Zero);
        Assert.That(picture[0, 9].R, Is.Zero);
    }

    [Test]
    public void Coronal_plane_has_the_head_up_whatever_the_stored_orientation()
    {
        // Slices run from head to feet: voxel z = 0 is the highest.
        var grid = new Grid(Cube.Size, Cube.SpacingMm, Cube.OriginMm, new(new(1, 0, 0), new(0, 1, 0), new(0, 0, -1)));
        var image = new Volume<float>(grid);
        image.Slice(0).Fill(100);
        var picture = ThreePlanes.Draw(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 10);
        var coronal = 10 + 4;
        Assert.That(picture[coronal, 0].R, Is.EqualTo(255));
        Assert.That(picture[coronal, 9].R, Is.Zero);
    }

    [Test]
    public void A_single_slice_is_a_strip_in_planes_across_it()
    {
        // 100 mm of one slice of 2 mm: at 20 pixels of height in proportion it would be 1,000 pixels wide.
        var grid = new Grid(new(100, 100, 1), new(1, 1, 2), default, Direction.Identity);
        var image = new Volume<float>(grid);
        image.Slice(0).Fill(100);
        var planes = ThreePlanes.DrawEach(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 20);
        Assert.That(planes.Select(plane => plane.Width), Is.EqualTo(new[] { 20, 80, 80 }));

        // 80 of 100 mm · 2 mm are 1.6 pixels, rounded to 2, in the middle of 20.
        Assert.That(
            Enumerable.Range(0, 20).Where(y => planes[1][40, y].R == 255), Is.EqualTo(new[] { 9, 10 }));
    }

    [Test]
    public void Structures_tint_the_plane_through_the_middle_of_the_mask()
    {
        var mask = new Volume<byte>(Cube);
        mask[2, 3, 7] = 3;
        var colour = LabelSet.WholeHeart.Structures.Single(structure => structure.ClassIndex == 3).Color;
        var red = Convert.ToInt32(colour.Substring(1, 2), 16);
        var picture = ThreePlanes.Draw(new Volume<float>(Cube), mask, LabelSet.WholeHeart, 0, 100, heightPx: 10);
        Assert.That(picture[2, 3].R, Is.EqualTo((byte)red));
        Assert.That(picture[3, 3], Is.EqualTo(((byte)0, (byte)0, (byte)0)));
    }

    [Test]
    public void Sagittal_plane_has_the_front_on_the_left_and_the_head_up()
    {
        var image = new Volume<float>(Cube);
        for (var x = 0; x < 10; x++)
            image[x, 0, 9] = 100; // front, head
        var sagittal = ThreePlanes.DrawEach(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 10)[2];
        Assert.That(sagittal[0, 0].R, Is.EqualTo(255));
        Assert.That((sagittal[9, 0].R, sagittal[0, 9].R), Is.EqualTo(((byte)0, (byte)0)));
    }

    [Test]
    public void Intensities_between_voxels_are_interpolated_linearly()
    {
        var image = new Volume<float>(Cube);
        for (var z = 0; z < 10; z++)
        {
            for (var y = 0; y < 10; y++)
                image[5, y, z] = 100;
        }

        // Two pixels a voxel: their centres lie a quarter of a voxel beside the voxels' centres.
        var axial = ThreePlanes.DrawEach(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 20)[0];
        byte[] expected = [0, 63, 191, 191, 63, 0];
        Assert.That(Enumerable.Range(8, 6).Select(x => axial[x, 7].R), Is.EqualTo(expected));
    }

    [Test]
    public void Structures_are_outlined_in_exactly_their_colour_and_filled_lightly()
    {
        var mask = new Volume<byte>(Cube);
        for (var i = 0; i < 1000; i++)
            mask.Voxels[i] = (byte)(i % 10 is >= 2 and <= 7 && i / 10 % 10 is >= 2 and <= 7 && i / 100 is >= 2 and <= 7 ? 3 : 0);
        var hex = LabelSet.WholeHeart.Structures.Single(structure => structure.ClassIndex == 3).Color;
        var (r, g, b) = (Convert.ToInt32(hex[1..3], 16), Convert.ToInt32(hex[3..5], 16), Convert.ToInt32(hex[5..], 16));
        foreach (var plane in ThreePlanes.DrawEach(new Volume<float>(Cube), mask, LabelSet.WholeHeart, 0, 100, heightPx: 40))
        {
            // Voxels 2 to 7 are pixels 8 to 31.
            foreach (var (x, y) in new[] { (8, 20), (9, 20), (30, 20), (31, 20), (20, 9), (20, 31) })
                Assert.That(plane[x, y], Is.EqualTo(((byte)r, (byte)g, (byte)b)), $"{x}, {y}");
            Assert.That(plane[20, 20], Is.EqualTo(((byte)(0.2f * r), (byte)(0.2f * g), (byte)(0.2f * b))));
            Assert.That(plane[6, 20], Is.EqualTo(((byte)0, (byte)0, (byte)0)));
        }
    }

    [Test]
    public void Outlines_do_not_follow_the_edges_of_voxels()
    {
        // A staircase of voxels at 45 degrees: where two steps meet, half of the corner voxel is cut off.
        var mask = new Volume<byte>(Cube);
        for (var i = 0; i < 1000; i++)
            mask.Voxels[i] = (byte)(i % 10 <= i / 10 % 10 ? 1 : 0);
        var axial = ThreePlanes.DrawEach(new Volume<float>(Cube), mask, LabelSet.WholeHeart, 0, 100, heightPx: 100)[0];
        var rightmost = Enumerable.Range(20, 60)
            .Select(y => Enumerable.Range(0, 100).Last(x => axial[x, y] != ((byte)0, (byte)0, (byte)0)) - y).ToList();
        Assert.That(rightmost.Max() - rightmost.Min(), Is.LessThan(9), "A staircase of 10 pixels a step would give 9.");
    }

    [Test]
    public void Planes_go_through_the_middle_of_the_mask_that_is_asked_for()
    {
        var image = new Volume<float>(Cube);
        image[2, 3, 7] = 100;
        var centre = new Volume<byte>(Cube);
        centre[2, 3, 7] = 1;
        var elsewhere = new Volume<byte>(Cube);
        elsewhere[0, 0, 0] = 1;
        var planes = ThreePlanes.DrawEach(
            image, elsewhere, LabelSet.WholeHeart, 0, 100, heightPx: 10, centredOn: centre);
        Assert.That(planes[0][2, 3].R, Is.EqualTo(255));
        Assert.That(planes[1][2, 9 - 7].R, Is.EqualTo(255));
        Assert.That(planes[2][3, 9 - 7].R, Is.EqualTo(255));
    }

    [Test]
    public void Planes_side_by_side_are_the_planes_with_gaps()
    {
        var image = new Volume<float>(Cube, [.. Enumerable.Range(0, 1000).Select(i => (float)(i * 7 % 100))]);
        var planes = ThreePlanes.DrawEach(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 10);
        var picture = ThreePlanes.Draw(image, null, LabelSet.WholeHeart, 0, 100, heightPx: 10);
        Assert.That(picture.Width, Is.EqualTo(10 + 4 + 10 + 4 + 10));
        for (var plane = 0; plane < 3; plane++)
        {
            for (var i = 0; i < 100; i++)
                Assert.That(picture[(14 * plane) + (i % 10), i / 10], Is.EqualTo(planes[plane][i % 10, i / 10]));
        }
    }
}
