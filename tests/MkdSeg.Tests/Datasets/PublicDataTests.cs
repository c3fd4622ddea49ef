using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Datasets;

/// <summary>The manifests of public data, on files of the form that their pages describe; the data are never here.</summary>
public class PublicDataTests
{
    private static readonly Grid Grid = new(new(11, 1, 1), new(1, 1, 1), default, Direction.Identity);

    [Test]
    public void Label_maps_over_ImageCAS_are_found_by_pattern()
    {
        using var folder = new TemporaryFolder();
        foreach (var id in (string[])["1", "25"])
        {
            VolumeFile.Write(new Volume<float>(Grid), folder[$"{id}.img.nii.gz"]);
            Directory.CreateDirectory(folder["segmentations"]);
            VolumeFile.Write(
                new Volume<ushort>(Grid, [.. Enumerable.Range(0, 11).Select(i => (ushort)i)]),
                folder["segmentations", $"{id}.img.nii.gz"]);
        }

        var manifest = VolumeManifest.Load(Repository.File("data-manifests/imagecas-whole-heart.json"), folder.Path);

        Assert.That(manifest.CasesOf("CT", "train").Select(entry => entry.Id), Is.EqualTo(new[] { "1", "25" }));
        Assert.That(manifest.FindProblems(checkHashes: true), Is.Empty);
        var read = new DatasetReader(manifest).Read(manifest.Case("25"));
        // The appendage (8) is part of the left atrium; coronaries (9) and pulmonary veins (10) are background.
        Assert.That(read.Classes!.Voxels, Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 2, 0, 0 }));
        File.Delete(folder["segmentations", "1.img.nii.gz"]);
        Assert.That(manifest.FindProblems(checkHashes: false).Single(), Does.StartWith("1: the label file segmentations/1.img"));
    }

    [Test]
    public void Binary_masks_of_TotalSegmentator_make_one_annotation()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["s0011", "segmentations"]);
        VolumeFile.Write(new Volume<float>(Grid), folder["s0011", "ct.nii.gz"]);
        string[] names =
        [
            "heart_myocardium", "heart_atrium_left", "heart_ventricle_left", "heart_atrium_right", "heart_ventricle_right", "aorta",
            "pulmonary_artery",
        ];
        for (var i = 0; i < names.Length; i++)
        {
            // Each mask has two voxels, so that it overlaps with the next one.
            var mask = new Volume<byte>(Grid);
            (mask.Voxels[i], mask.Voxels[i + 1]) = (1, 1);
            VolumeFile.Write(mask, folder["s0011", "segmentations", $"{names[i]}.nii.gz"]);
        }

        var manifest = VolumeManifest.Load(Repository.File("data-manifests/totalsegmentator-hearts.json"), folder.Path);

        var read = new DatasetReader(manifest).Read(manifest.Cases.Single());
        Assert.That(read.CaseId, Is.EqualTo("s0011"));
        Assert.That(read.Classes!.Voxels, Is.EqualTo(new byte[] { 1, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0 }));
        File.Delete(folder["s0011", "segmentations", "aorta.nii.gz"]);
        Assert.That(
            () => new DatasetReader(manifest).Read(manifest.Cases.Single()),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("s0011: the AA mask file"));
    }

    [Test]
    public void A_folder_without_such_files_is_said()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => VolumeManifest.Load(Repository.File("data-manifests/totalsegmentator-hearts.json"), folder.Path),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("matches */ct.nii.gz")
                .And.Message.Contains("data root"));
    }
}
