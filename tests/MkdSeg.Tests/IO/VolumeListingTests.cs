using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.IO;

public class VolumeListingTests
{
    [TestCase("in/ct_01_image.nii.gz", "ct_01_image", "ct_01")]
    [TestCase("ct_01_label.nii", "ct_01_label", "ct_01")]
    [TestCase("a.b.NRRD", "a.b", "a.b")]
    [TestCase("x_seg.mha", "x_seg", "x")]
    [TestCase("_mask.mhd", "_mask", "_mask")]
    [TestCase("plain.txt", "plain", "plain")]
    [TestCase("pair_image.hdr", "pair_image", "pair")]
    [TestCase("pair_image.img.gz", "pair_image", "pair")]
    [TestCase("Mu\u0308ller_label.nii.gz", "M\u00fcller_label", "M\u00fcller")]
    [TestCase("Nguye\u0302\u0303n_a\u0323\u0302.nii", "Nguy\u1ec5n_\u1ead", "Nguy\u1ec5n_\u1ead")]
    [TestCase("\u1112\u1161\u11ab\u1100\u1173\u11af_\u30cf\u309a.nii", "\ud55c\uae00_\u30d1", "\ud55c\uae00_\u30d1")]
    public void Names_come_from_the_file(string path, string stem, string caseName)
    {
        Assert.That(VolumeListing.Stem(path), Is.EqualTo(stem));
        Assert.That(VolumeListing.CaseName(path), Is.EqualTo(caseName));
    }

    [Test]
    public void Volumes_are_listed_in_order_and_other_files_are_not()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["b.nii.gz", "a.nii", "notes.txt", "c.nrrd"])
            File.WriteAllText(folder[name], "");
        Directory.CreateDirectory(folder["d.nii"]);
        Assert.That(
            VolumeListing.Find(folder.Path), Is.EqualTo(new[] { folder["a.nii"], folder["b.nii.gz"], folder["c.nrrd"] }));
    }

    [Test]
    public void Missing_and_empty_folders_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => VolumeListing.Find(folder["none"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("none does not exist"));
        Assert.That(
            () => VolumeListing.Find(folder.Path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("contains no volume"));
    }

    [Test]
    public void Trees_are_searched_for_files_and_series_but_not_in_the_output_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["b.nii", "sub/deep/a.nrrd", "out/masks/b.nii.gz", "out2/c.mha"])
            folder.Write(name, "");
        foreach (var slice in new DicomSlice { Description = "Heart CTA" }.Stack(3, 2))
            slice.Write(folder["sub", $"{slice.Position![2]}"]);
        Directory.CreateSymbolicLink(folder["loop"], folder.Path);

        var found = VolumeListing.FindTree(folder.Path, except: folder["out"]);
        Assert.That(found.Select(volume => volume.Name), Is.EqualTo(new[]
        {
            "b", "out2_c", "sub_deep_a", found[3].Series!.CaseName,
        }));
        Assert.That(found[3].Path, Is.EqualTo(folder["sub", "series=1.2.3"]));
        Assert.That(found[3].Name, Does.StartWith("Heart_CTA-"));
        Assert.That(VolumeListing.FindTree(folder.Path), Has.Count.EqualTo(5));
        Assert.That(VolumeListing.FindTree(folder["out"], except: folder["out"]), Has.Count.EqualTo(1));
    }

    [Test]
    public void Trees_without_volumes_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => VolumeListing.FindTree(folder["none"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("none does not exist"));
        Assert.That(
            () => VolumeListing.FindTree(folder.Path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("contains no volume").And.Message.Contains("DICOM"));
    }
}
