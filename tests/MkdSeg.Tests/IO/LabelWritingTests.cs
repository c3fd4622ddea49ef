using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

public class LabelWritingTests
{
    private static readonly Volume<byte> Classes = new(
        new(new(3, 2, 4), new(1, 2, 3), new(4, 5, 6), Direction.Identity),
        [.. Enumerable.Range(0, 24).Select(i => (byte)(i % 8))]);

    [TestCase(".nii")]
    [TestCase(".nii.gz")]
    [TestCase(".mha")]
    public void Masks_are_written_with_the_values_of_their_labels(string suffix)
    {
        using var folder = new TemporaryFolder();
        var (path, other) = (folder[$"mask{suffix}"], folder[$"other{suffix}"]);
        VolumeFile.WriteLabels(Classes, LabelSet.WholeHeart, path);
        VolumeFile.Write(LabelSet.WholeHeart.ToValues(Classes), other);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(File.ReadAllBytes(other)));
        Assert.That(
            VolumeFile.ReadLabels(path).Voxels[..9],
            Is.EqualTo(new ushort[] { 0, 205, 420, 500, 550, 600, 820, 850, 0 }));
    }

    [Test]
    public void A_class_without_a_label_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        var classes = new Volume<byte>(new(new(2, 1, 1), new(1, 1, 1), default, Direction.Identity), [0, 8]);
        Assert.That(
            () => VolumeFile.WriteLabels(classes, LabelSet.WholeHeart, folder["mask.nii.gz"]), Throws.ArgumentException);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }
}
