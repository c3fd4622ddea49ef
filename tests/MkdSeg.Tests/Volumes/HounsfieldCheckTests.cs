using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Volumes;

/// <summary>Values that are no Hounsfield units are found in a made chest and in two real ones.</summary>
public class HounsfieldCheckTests
{
    private static readonly Grid Grid = new(new(100, 10, 10), new(1, 1, 1), default, Direction.Identity);

    // By row: 35 air, 15 lung, 10 fat, 35 muscle and blood, 5 bone.
    private static Volume<float> Chest() => new(Grid, [.. Enumerable.Range(0, 10_000).Select(i => (i % 100) switch
    {
        < 35 => -1000f,
        < 50 => -850 + (i % 7),
        < 60 => -100 + (i % 5),
        < 95 => 40 + (i % 30),
        _ => 500 + (i % 900),
    })]);

    private static Volume<float> Changed(Volume<float> volume, Func<float, float> change) =>
        new(volume.Grid, Array.ConvertAll(volume.Voxels, value => change(value)));

    private static readonly TestCaseData[] Wrong =
    [
        new(new Func<float, float>(v => v + 1024), "without the rescale intercept"),
        new(new Func<float, float>(v => v + 1000), "without the rescale intercept"),
        new(new Func<float, float>(v => v < 0 ? v + 65536 : v), "stored as unsigned"),
        new(new Func<float, float>(v => Math.Clamp((v + 160) / 400 * 255, 0, 255)), "8-bit images"),
        new(new Func<float, float>(v => Math.Clamp(v, -160, 240)), "smallest value is -160"),
        new(new Func<float, float>(v => Math.Clamp(v, -400, 600)), "clipped to a window"),
        // Padding at the lower end, so that something is dark enough.
        new(new Func<float, float>(v => v == -1000 ? -2000 : v + 1024), "offset of about 1000"),
        new(new Func<float, float>(v => -v), "offset of about 1000 or inverted"),
        new(new Func<float, float>(v => v - 1024), "fat and soft tissue"),
        new(new Func<float, float>(v => v * 10), "scaled twice"),
        new(new Func<float, float>(v => (v + 1000) / 2000), "without the rescale intercept"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void Wrong_values_are_named_in_the_made_chest_and_the_real_one(Func<float, float> change, string words)
    {
        Assert.That(HounsfieldCheck.Examine(Changed(Chest(), change)).Single(), Does.Contain(words));
        if (SharedData.Find("totalsegmentator", "thorax_ct.nii.gz") is { } path)
            Assert.That(HounsfieldCheck.Examine(Changed(VolumeFile.ReadIntensities(path), change)), Is.Not.Empty);
    }

    [Test]
    public void Hounsfield_units_are_left_alone([Values(0, -24, 24)] int offset, [Values(-1024, -2000, -3024, -32768)] int padding)
    {
        Assert.That(
            HounsfieldCheck.Examine(Changed(Chest(), v => v == -1000 ? padding : v + offset)), Is.Empty);
    }

    [TestCase("totalsegmentator/thorax_ct.nii.gz", true)]
    [TestCase("covid-ct-md/native_ct.nii.gz", true)]
    [TestCase("totalsegmentator/mr_small.nii.gz", false)]
    public void Real_scans_are_told_apart(string name, bool isCt)
    {
        if (SharedData.Find(name.Split('/')) is not { } path)
        {
            Assert.Ignore("../shared/data is not there.");
            return;
        }

        Assert.That(HounsfieldCheck.Examine(VolumeFile.ReadIntensities(path)), isCt ? Is.Empty : Has.Count.EqualTo(1));
    }
}
