using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

[TestFixture]
public sealed class PhantomGeneratorTests
{
    private const int Myo = 1;
    private const int La = 2;
    private const int Lv = 3;
    private const int Ra = 4;
    private const int Rv = 5;
    private const int Aa = 6;
    private const int Pa = 7;

    private static readonly Lazy<PhantomVolume[]> Ct = new(() => Make(PhantomModality.Ct, 3));
    private static readonly Lazy<PhantomVolume[]> Mr = new(() => Make(PhantomModality.Mr, 3));

    [TestCase(PhantomModality.Ct)]
    [TestCase(PhantomModality.Mr)]
    public void OneSeedGivesTheSameBytesAndAnotherSeedOthers(PhantomModality modality)
    {
        var first = (modality == PhantomModality.Ct ? Ct : Mr).Value;
        var again = PhantomGenerator.Generate(new() { Seed = 1, Modality = modality });
        Assert.Multiple(() =>
        {
            Assert.That(Hash(again), Is.EqualTo(Hash(first[0])));
            Assert.That(again.Image.Grid, Is.EqualTo(first[0].Image.Grid));
            Assert.That(first.Select(Hash).Distinct().Count(), Is.EqualTo(first.Length));
        });
    }

    [Test]
    public void ScannersShowDifferentPictures()
    {
        var wide = PhantomGenerator.Generate(new() { Seed = 1, Variation = PhantomVariation.Wide });
        Assert.That(Hash(wide), Is.Not.EqualTo(Hash(Ct.Value[0])));
    }

    [Test]
    public void CtHasHounsfieldUnitsOfTheirTissues()
    {
        foreach (var volume in Ct.Value)
        {
            Assert.Multiple(() =>
            {
                var left = Median(volume, Lv);
                Assert.That(Median(volume, Myo), Is.InRange(60, 130), "myocardium");
                Assert.That(left, Is.InRange(230, 500), "left ventricle");
                Assert.That(Median(volume, La), Is.EqualTo(left).Within(20).Percent, "left atrium");
                Assert.That(Median(volume, Aa), Is.EqualTo(left).Within(20).Percent, "ascending aorta");
                Assert.That(Median(volume, Rv), Is.InRange(80, 430), "right ventricle");
                Assert.That(Median(volume, Pa), Is.InRange(100, 500), "pulmonary artery");
                Assert.That(Quantile(volume.Image.Voxels, 0.02), Is.LessThan(-750), "air and lung");
                Assert.That(Quantile(volume.Image.Voxels, 0.999), Is.InRange(300, 1500), "bone and contrast agent");
                Assert.That(volume.Image.Voxels, Is.All.InRange(-1024f, 3071f));
                Assert.That(volume.Image.Voxels.All(value => value == MathF.Round(value)), "whole numbers");
            });
        }
    }

    [Test]
    public void CtNoiseIsThatOfAScannerAndTheRightAtriumIsMottled()
    {
        var aorta = Ct.Value.Average(volume => Deviation(volume, Aa));
        var atrium = Ct.Value.Average(volume => Deviation(volume, Ra));
        Assert.Multiple(() =>
        {
            Assert.That(aorta, Is.InRange(18, 80), "standard deviation within the aorta");
            Assert.That(atrium, Is.GreaterThan(aorta), "standard deviation within the right atrium");
        });
    }

    [Test]
    public void MrShowsBrightBloodDarkMuscleAndBlackLung()
    {
        foreach (var volume in Mr.Value)
        {
            var blood = Median(volume, Lv);
            Assert.Multiple(() =>
            {
                Assert.That(Median(volume, Myo) / blood, Is.InRange(0.2, 0.7), "myocardium relative to blood");
                Assert.That(Quantile(volume.Image.Voxels, 0.05) / blood, Is.LessThan(0.15), "lung relative to blood");
                Assert.That(volume.Image.Voxels, Is.All.InRange(0f, 4095f));
            });
        }
    }

    [TestCase(PhantomModality.Ct)]
    [TestCase(PhantomModality.Mr)]
    public void TheWholeHeartIsInside(PhantomModality modality)
    {
        foreach (var volume in (modality == PhantomModality.Ct ? Ct : Mr).Value)
        {
            Assert.That(volume.Classes.Voxels.Distinct().Order(), Is.EqualTo(Enumerable.Range(0, 8)));
            var size = volume.Classes.Grid.Size;
            for (var z = 0; z < size.Z; z++)
            {
                for (var y = 0; y < size.Y; y++)
                {
                    for (var x = 0; x < size.X; x++)
                    {
                        if (x == 0 || y == 0 || z == 0 || x == size.X - 1 || y == size.Y - 1 || z == size.Z - 1)
                            Assert.That(volume.Classes[x, y, z], Is.Zero, $"label at the face, {x}, {y}, {z}");
                    }
                }
            }
        }
    }

    private static PhantomVolume[] Make(PhantomModality modality, int count) =>
        [.. Enumerable.Range(1, count).Select(seed =>
            PhantomGenerator.Generate(new() { Seed = (ulong)seed, Modality = modality }))];

    private static string Hash(PhantomVolume volume) =>
        Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(volume.Image.Voxels.AsSpan())))
        + Convert.ToHexString(SHA256.HashData(volume.Classes.Voxels));

    private static float[] Of(PhantomVolume volume, int label) =>
        [.. volume.Image.Voxels.Where((_, i) => volume.Classes.Voxels[i] == label)];

    private static double Median(PhantomVolume volume, int label) => Quantile(Of(volume, label), 0.5);

    private static double Deviation(PhantomVolume volume, int label)
    {
        // Between the 10th and the 90th percentile, so that the rim's partial volume does not count.
        var values = Of(volume, label);
        return (Quantile(values, 0.84) - Quantile(values, 0.3)) / 1.52;
    }

    private static double Quantile(float[] values, double quantile)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        return sorted[(int)(quantile * (sorted.Length - 1))];
    }
}
