using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

/// <summary>
/// Holds the bits of small phantoms, recorded from version 2 of the generator. A change that moves them is a new version:
/// raise PhantomDataset's GeneratorVersion, or data sets on disk and trained numbers no longer belong together.
/// </summary>
[TestFixture]
public sealed class PhantomBitsTests
{
    [TestCase(PhantomModality.Ct, PhantomVariation.Default, PhantomRegion.Thorax, "4338f7326bd1c2ce")]
    [TestCase(PhantomModality.Ct, PhantomVariation.Anatomy, PhantomRegion.Thorax, "6e531b43c9173e42")]
    [TestCase(PhantomModality.Ct, PhantomVariation.Wide, PhantomRegion.Thorax, "76a9825b1c7cb861")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Default, PhantomRegion.Thorax, "7506f4dd7cbd8128")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Anatomy, PhantomRegion.Thorax, "2bf6844e8d5a995d")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Wide, PhantomRegion.Thorax, "7316c88e0c6d9973")]
    [TestCase(PhantomModality.Ct, PhantomVariation.Clinical, PhantomRegion.Thorax, "f071777d71ec03bb")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Clinical, PhantomRegion.Thorax, "26dd59971b186ec1")]
    [TestCase(PhantomModality.Ct, PhantomVariation.Wide, PhantomRegion.Abdomen, "99df107b3de721d4")]
    [TestCase(PhantomModality.Ct, PhantomVariation.Default, PhantomRegion.Head, "2a67384dbb801abf")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Wide, PhantomRegion.Head, "09a05a26a0d040f1")]
    public void The_same_request_gives_the_recorded_bits(
        PhantomModality modality, PhantomVariation variation, PhantomRegion region, string expected)
    {
        var volume = PhantomGenerator.Generate(new()
        {
            Seed = 5,
            Modality = modality,
            Variation = variation,
            Region = region,
            Scan = new() { SpacingMm = new(3.4, 3.4, 5), FieldMm = new(200, 180, 170), Orientation = "RAS" },
        });
        Assert.That(Hash(volume), Is.EqualTo(expected));
    }

    [TestCase(PhantomModality.Ct, PhantomVariation.Wide, 11, "16253d75c2d77698")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Default, 12, "63a65ba1c1ac84e1")]
    [TestCase(PhantomModality.Mr, PhantomVariation.Anatomy, 13, "2751541b08adb77e")]
    public void A_field_of_view_by_chance_gives_the_recorded_bits(
        PhantomModality modality, PhantomVariation variation, int seed, string expected) =>
        Assert.That(
            Hash(PhantomGenerator.Generate(new() { Seed = (ulong)seed, Modality = modality, Variation = variation })),
            Is.EqualTo(expected));

    [Test]
    public void Cases_of_a_data_set_keep_their_seeds() =>
        Assert.That(PhantomDataset.Cases(new() { Seed = 7 })[0].Request.Seed, Is.EqualTo(1529371881884971794));

    // The grid's numbers belong to it: they come from draws as well.
    private static string Hash(PhantomVolume volume)
    {
        var grid = volume.Image.Grid;
        var numbers = new List<double> { grid.Size.X, grid.Size.Y, grid.Size.Z };
        foreach (var vector in (Vector3D[])
            [grid.SpacingMm, grid.OriginMm, grid.Direction.AxisX, grid.Direction.AxisY, grid.Direction.AxisZ])
        {
            numbers.AddRange([vector.X, vector.Y, vector.Z]);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)));
        hash.AppendData(MemoryMarshal.AsBytes(volume.Image.Voxels.AsSpan()));
        hash.AppendData(volume.Classes.Voxels);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
