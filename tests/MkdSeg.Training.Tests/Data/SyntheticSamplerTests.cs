using System.IO.Compression;
using MkdSeg.Common;
using MkdSeg.Phantom.Internals;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Volumes;
using TorchSharp;

namespace MkdSeg.Training.Tests.Data;

public class SyntheticSamplerTests
{
    private const int Patch = 32;
    private const int Count = 120;
    private static readonly PreprocessingOptions Preprocessing = new()
    {
        InPlaneSpacingMm = 3, PatchSize = Patch, ContextSlices = 3, ContextSpacingMm = 4,
        Window = new() { LowerValue = -250, UpperValue = 550 },
    };

    [Test]
    public void Samples_are_in_range_and_every_pixel_has_one_class()
    {
        var (images, oneHot) = Draw(1);
        Assert.That(images, Is.All.InRange(-1f, 1f));
        var pixels = Patch * Patch;
        for (var n = 0; n < Count; n++)
        {
            for (var i = 0; i < pixels; i++)
                Assert.That(Enumerable.Range(0, 8).Sum(c => oneHot[(((n * 8) + c) * pixels) + i]), Is.EqualTo(1));
        }
    }

    [Test]
    public void One_seed_gives_one_sequence_also_after_a_checkpoint()
    {
        var first = Draw(1).Images;
        Assert.That(Draw(1).Images, Is.EqualTo(first));
        Assert.That(Draw(2).Images, Is.Not.EqualTo(first));

        var (going, resumed) = (Sampler(5), Sampler(5));
        var (images, oneHot) = Room();
        going.Draw(images, oneHot);
        using var stream = new MemoryStream();
        using (var writing = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            going.Save(new(writing));
        using (var reading = new ZipArchive(stream))
            resumed.Load(new(reading, new(DeviceType.CPU)));
        going.Draw(images, oneHot);
        var expected = images.ToArray();
        resumed.Draw(images, oneHot);
        Assert.That(images, Is.EqualTo(expected));
    }

    [Test]
    public void Labels_lie_where_the_tissue_is_and_contrast_comes_and_goes()
    {
        var (images, oneHot) = Draw(3);
        var pixels = Patch * Patch;
        var differences = new List<double>();
        for (var n = 0; n < Count; n++)
        {
            var (inside, outside, count) = (0.0, 0.0, 0);
            for (var i = 0; i < pixels; i++)
            {
                var value = images[(((n * 3) + 1) * pixels) + i];
                var isBlood = oneHot[(((n * 8) + TissueClass.Lv) * pixels) + i] == 1;
                inside += isBlood ? value : 0;
                outside += isBlood ? 0 : value;
                count += isBlood ? 1 : 0;
            }

            if (count > 20)
                differences.Add((inside / count) - (outside / (pixels - count)));
        }

        // Blood in lung is always brighter than it, by what its contrast and the noise of that draw say.
        Assert.That(differences, Has.Count.GreaterThan(Count / 3));
        Assert.That(differences, Is.All.GreaterThan(0));
        Assert.That(differences.Max() - differences.Min(), Is.GreaterThan(0.6));
    }

    [Test]
    public void Maps_without_heart_or_with_unknown_tissues_are_refused()
    {
        var map = Map();
        map.Voxels[0] = 200;
        Assert.That(
            () => new TissueCase(map, "Case ct_1"),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("Case ct_1: its tissue map contains the value 200"));
        Array.Clear(map.Voxels);
        Assert.That(
            () => new TissueCase(map, "Case ct_1"),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("shows no heart"));
    }

    // A block of left ventricle in lung.
    private static Volume<byte> Map()
    {
        var map = new Volume<byte>(new(new(60, 60, 40), new(2, 2, 2), new(5, 6, 7), Direction.Identity));
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            var (x, y, z) = (i % 60, i / 60 % 60, i / 3600);
            var isBlood = x is >= 20 and < 40 && y is >= 15 and < 45 && z is >= 8 and < 32;
            map.Voxels[i] = (byte)(isBlood ? PhantomTissue.LeftVentricle : PhantomTissue.Lung);
        }

        return map;
    }

    private static SyntheticSampler Sampler(ulong seed) =>
        new([new(Map(), "Case ct_1")], Preprocessing, 8, new SeededRandom(seed));

    private static (float[] Images, float[] OneHot) Room() =>
        (new float[Count * 3 * Patch * Patch], new float[Count * 8 * Patch * Patch]);

    private static (float[] Images, float[] OneHot) Draw(ulong seed)
    {
        var room = Room();
        Sampler(seed).Draw(room.Images, room.OneHot);
        return room;
    }
}
