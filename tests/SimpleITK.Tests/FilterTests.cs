using itk.simple;
using Sitk = itk.simple.SimpleITK;

namespace SimpleITK.Bridge.Tests;

public sealed class FilterTests
{
    private static readonly double[] Identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    private static readonly PixelIDValueEnum[] ResampledTypes =
    [
        PixelIDValueEnum.sitkUInt8, PixelIDValueEnum.sitkInt8, PixelIDValueEnum.sitkUInt16, PixelIDValueEnum.sitkInt16,
        PixelIDValueEnum.sitkUInt32, PixelIDValueEnum.sitkInt32, PixelIDValueEnum.sitkFloat32,
        PixelIDValueEnum.sitkFloat64,
    ];

    // A line along x with voxels 10, 20, 40 at x = 0, 2, 4 mm, asked for at x = 0.5, 2.5, 4.5, 6.5 mm.
    private static Image ResampledLine(PixelIDValueEnum type, InterpolatorEnum interpolator, PixelIDValueEnum output)
    {
        using var bytes = Images.Bytes([3, 1, 1], 10, 20, 40).WithGeometry([2, 1, 1], [0, 0, 0], Identity);
        using var line = Sitk.Cast(bytes, type);
        return Sitk.Resample(
            line,
            new VectorUInt32(new uint[] { 4, 1, 1 }),
            new Transform(),
            interpolator,
            new VectorDouble(new[] { 0.5, 0, 0 }),
            new VectorDouble(new double[] { 2, 1, 1 }),
            new VectorDouble(Identity),
            77,
            output);
    }

    [TestCaseSource(nameof(ResampledTypes))]
    public void Linear_resampling_gives_the_values_computed_by_hand(PixelIDValueEnum type)
    {
        using var result = ResampledLine(type, InterpolatorEnum.sitkLinear, PixelIDValueEnum.sitkUnknown);
        var isReal = type == PixelIDValueEnum.sitkFloat32 || type == PixelIDValueEnum.sitkFloat64;
        Assert.That(result.GetPixelID(), Is.SameAs(type));
        // 10 + 10/4, 20 + 20/4, the edge voxel reaches half a voxel outwards, then the default; integers truncate.
        Assert.That(result.Values(), Is.EqualTo(new[] { isReal ? 12.5 : 12, 25, 40, 77 }));
    }

    [Test]
    public void Nearest_resampling_takes_the_closest_voxel()
    {
        using var result = ResampledLine(
            PixelIDValueEnum.sitkUInt8, InterpolatorEnum.sitkNearestNeighbor, PixelIDValueEnum.sitkUnknown);
        Assert.That(result.Values(), Is.EqualTo(new[] { 10, 20, 40, 77 }));
    }

    [Test]
    public void Resampling_integers_to_real_values_does_not_truncate()
    {
        using var result = ResampledLine(
            PixelIDValueEnum.sitkInt16, InterpolatorEnum.sitkLinear, PixelIDValueEnum.sitkFloat32);
        Assert.That(result.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkFloat32));
        Assert.That(result.Values(), Is.EqualTo(new[] { 12.5, 25, 40, 77 }));
    }

    [Test]
    public void Cubic_spline_passes_through_the_voxels()
    {
        using var image = Images.Floats([6, 6, 6], i => (i * 7) % 11);
        using var result = Sitk.Resample(image, image, new Transform(), InterpolatorEnum.sitkBSpline);
        Assert.That(result.Values(), Is.EqualTo(image.Values()).Within(1e-4));
    }

    [Test]
    public void Resampling_onto_a_reference_follows_its_directions()
    {
        using var image = Images.Floats([4, 3, 2], i => i).WithGeometry([1, 2, 3], [5, 6, 7], Identity);
        using var flipped = Sitk.DICOMOrient(image, "RAI");
        using var result = Sitk.Resample(image, flipped, new Transform(), InterpolatorEnum.sitkNearestNeighbor);
        Assert.That(result.Values(), Is.EqualTo(Enumerable.Range(0, 24).Reverse()));
        Assert.That(result.GetOrigin(), Is.EqualTo(flipped.GetOrigin()));
        Assert.That(result.GetDirection(), Is.EqualTo(flipped.GetDirection()));
    }

    [Test]
    public void Two_dimensional_images_resample_too()
    {
        using var image = Images.Floats([2, 2], i => i * 10);
        using var filter = new ResampleImageFilter();
        filter.SetSize(new VectorUInt32(new uint[] { 1, 1 }));
        filter.SetOutputOrigin(new VectorDouble(new[] { 0.5, 0.5 }));
        filter.SetOutputSpacing(new VectorDouble(new double[] { 1, 1 }));
        filter.SetOutputDirection(new VectorDouble(new double[] { 1, 0, 0, 1 }));
        using var result = filter.Execute(image);
        Assert.That(result.Values(), Is.EqualTo(new[] { 15.0 }));
    }

    [Test]
    public void Orientation_permutes_and_flips()
    {
        // Voxel axes run to the head, the right and the front ("SRA"); value = i + 2 j + 6 k on 2×3×2 voxels.
        using var image = Images.Floats([2, 3, 2], i => i).WithGeometry(
            [3, 1, 2], [10, 20, 30], [0, -1, 0, 0, 0, -1, 1, 0, 0]);
        using var result = Sitk.DICOMOrient(image, "LPS");
        // x: from j, flipped; y: from k, flipped; z: from i. Values i + 2 (2 − x) + 6 (1 − y), i = z.
        var expected = from z in Enumerable.Range(0, 2)
                       from y in Enumerable.Range(0, 2)
                       from x in Enumerable.Range(0, 3)
                       select z + (2 * (2 - x)) + (6 * (1 - y));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetSize(), Is.EqualTo(new uint[] { 3, 2, 2 }));
            Assert.That(result.GetSpacing(), Is.EqualTo(new double[] { 1, 2, 3 }));
            Assert.That(result.GetOrigin(), Is.EqualTo(new double[] { 8, 18, 30 }));
            Assert.That(result.GetDirection(), Is.EqualTo(Identity));
            Assert.That(result.Values(), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Orienting_an_oblique_volume_keeps_its_voxels_in_place()
    {
        using var image = Images.Floats([2, 3, 4], i => i).WithGeometry([1, 2, 3], [4, 5, 6], Images.ObliqueRowMajor);
        using var turned = Sitk.DICOMOrient(image, "SAR");
        using var back = Sitk.Resample(turned, image, new Transform(), InterpolatorEnum.sitkNearestNeighbor, -1);
        Assert.That(back.Values(), Is.EqualTo(image.Values()));
    }

    [TestCase("LRS")]
    [TestCase("XYZ")]
    [TestCase("LP")]
    public void Orientation_that_does_not_exist_is_refused(string orientation)
    {
        using var image = new Image(2, 2, 2, PixelIDValueEnum.sitkUInt8);
        Assert.That(() => Sitk.DICOMOrient(image, orientation), Throws.TypeOf<ApplicationException>());
    }

    [Test]
    public void Region_of_interest_moves_the_origin()
    {
        using var image = Images.Floats([3, 3, 2], i => i).WithGeometry([2, 3, 4], [1, 1, 1], Identity);
        using var region = Sitk.RegionOfInterest(
            image, new VectorUInt32(new uint[] { 2, 1, 1 }), new VectorInt32(new[] { 1, 2, 1 }));
        Assert.That(region.Values(), Is.EqualTo(new[] { 16, 17 }));
        Assert.That(region.GetOrigin(), Is.EqualTo(new double[] { 3, 7, 5 }));
        Assert.That(
            () => Sitk.RegionOfInterest(
                image, new VectorUInt32(new uint[] { 3, 1, 1 }), new VectorInt32(new[] { 1, 2, 1 })),
            Throws.TypeOf<ApplicationException>());
    }

    [Test]
    public void Components_touch_by_faces_or_by_corners()
    {
        // On one slice: two voxels in a row, one voxel diagonal to them, one far away.
        using var mask = Images.Bytes([4, 3, 1], 9, 9, 0, 0, 0, 0, 9, 0, 9, 0, 0, 0);
        using var faces = Sitk.ConnectedComponent(mask);
        using var corners = Sitk.ConnectedComponent(mask, true);
        Assert.That(faces.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkUInt32));
        Assert.That(faces.Values(), Is.EqualTo(new[] { 1, 1, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0 }));
        Assert.That(corners.Values(), Is.EqualTo(new[] { 1, 1, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0 }));
    }

    [Test]
    public void Relabelling_sorts_by_size_and_drops_small_objects()
    {
        using var labels = Images.Bytes([6, 1, 1], 5, 7, 7, 9, 9, 9);
        using var filter = new RelabelComponentImageFilter();
        filter.SetMinimumObjectSize(2);
        using var result = filter.Execute(labels);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkUInt8));
            Assert.That(result.Values(), Is.EqualTo(new[] { 0, 2, 2, 1, 1, 1 }));
            Assert.That(filter.GetNumberOfObjects(), Is.EqualTo(2));
            Assert.That(filter.GetOriginalNumberOfObjects(), Is.EqualTo(3));
            Assert.That(filter.GetSizeOfObjectsInPixels(), Is.EqualTo(new uint[] { 3, 2 }));
        }
    }

    [Test]
    public void Distances_of_a_single_voxel_follow_the_spacing()
    {
        var values = new byte[27];
        values[13] = 1;
        using var mask = Images.Bytes([3, 3, 3], values).WithGeometry([1, 2, 3], [0, 0, 0], Identity);
        using var distance = Sitk.SignedMaurerDistanceMap(mask, false, false, true);
        using var squared = Sitk.SignedMaurerDistanceMap(mask, false, true, false);
        var expected = Enumerable.Range(0, 27).Select(i =>
        {
            var (x, y, z) = ((i % 3) - 1, (i / 3 % 3) - 1, (i / 9) - 1);
            return Math.Sqrt((x * x) + (4 * y * y) + (9 * z * z));
        });
        Assert.That(distance.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkFloat32));
        Assert.That(distance.Values(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(squared.Values()[0], Is.EqualTo(3).Within(1e-5));
    }

    [Test]
    public void Threshold_bounds_are_inclusive()
    {
        using var image = Images.Floats([5, 1, 1], i => i / 2f);
        using var result = Sitk.BinaryThreshold(image, 0.5, 1.5, 4, 2);
        Assert.That(result.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkUInt8));
        Assert.That(result.Values(), Is.EqualTo(new[] { 2, 4, 4, 4, 2 }));
    }

    [Test]
    public void Holes_are_filled()
    {
        var ring = Enumerable.Repeat((byte)1, 27).ToArray();
        ring[13] = 0;
        using var image = Images.Bytes([3, 3, 3], ring);
        using var result = Sitk.BinaryFillhole(image);
        Assert.That(result.Values(), Is.All.EqualTo(1));
    }

    [Test]
    public void Casting_truncates_towards_zero()
    {
        using var image = Images.Floats([4, 1, 1], i => (i - 2) * 1.75f);
        using var result = Sitk.Cast(image, PixelIDValueEnum.sitkInt16);
        Assert.That(result.Values(), Is.EqualTo(new[] { -3, -1, 0, 1 }));
    }

    [Test]
    public void What_the_bridge_lacks_is_named()
    {
        using var image = new Image(2, 2, 2, PixelIDValueEnum.sitkFloat64);
        Assert.That(
            () => Sitk.Resample(
                image, image, new Transform(), InterpolatorEnum.sitkLinear, 0, PixelIDValueEnum.sitkInt16),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("Resample"));
        Assert.That(() => Sitk.ConnectedComponent(image), Throws.TypeOf<ApplicationException>());
    }
}
