using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Datasets;

public class DatasetReaderTests
{
    // Axes that run to the right, the head and the back.
    private static readonly Grid Grid = new(
        new(5, 4, 3), new(0.5, 0.75, 2), new(10, -20, 30), new(new(-1, 0, 0), new(0, 0, 1), new(0, 1, 0)));

    [Test]
    public void ReadsVolumeAndAnnotationAsTheFilesHaveThem()
    {
        using var folder = new TemporaryFolder();
        var image = new Volume<float>(Grid, [.. Enumerable.Range(0, 60).Select(i => i - 30f)]);
        ushort[] values = [0, 205, 420, 421, 850];
        var labels = new Volume<ushort>(
            new(Grid.Size, Grid.SpacingMm, new(10.1, -20, 30), Grid.Direction),
            [.. Enumerable.Range(0, 60).Select(i => values[i % 5])]);
        var reader = Reader(folder, image, labels);

        var read = reader.Read(reader.Manifest.Cases[0]);

        Assert.That((read.CaseId, read.Modality), Is.EqualTo(("ct_1", "CT")));
        Assert.That(read.Image.Voxels, Is.EqualTo(image.Voxels));
        Assert.That(Orientation.Of(read.Image.Grid), Is.EqualTo("RSP"));
        Assert.That((read.Image.Grid.ToPoint(new(4, 3, 2)) - Grid.ToPoint(new(4, 3, 2))).Length, Is.LessThan(1e-4));
        Assert.That(read.Classes!.Grid, Is.SameAs(read.Image.Grid));
        Assert.That(read.Classes.Voxels[..5], Is.EqualTo(new byte[] { 0, 1, 2, 2, 7 }));
        Assert.That(read.Warnings.Single(), Does.Contain("0.2 voxels in origin"));
    }

    [Test]
    public void ACaseMayHaveNoAnnotation()
    {
        using var folder = new TemporaryFolder();
        var reader = Reader(folder, new(Grid), new Volume<ushort>(Grid));

        Assert.That(reader.Read(reader.Manifest.Cases[0] with { Label = null }).Classes, Is.Null);
    }

    [Test]
    public void AnUnknownValueNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        var labels = new Volume<ushort>(Grid);
        labels.Voxels[7] = 99;
        var reader = Reader(folder, new(Grid), labels);

        Assert.That(
            () => reader.Read(reader.Manifest.Cases[0]),
            Throws.InstanceOf<UserErrorException>().With.Message.StartsWith(folder["1_label.nii.gz"])
                .And.Message.Contains("99 (1 voxel)"));
    }

    [Test]
    public void AMissingFileIsNamed()
    {
        using var folder = new TemporaryFolder();
        var reader = Reader(folder, new(Grid), new Volume<ushort>(Grid));

        Assert.That(
            () => reader.Read(reader.Manifest.Cases[0] with { Label = "lost.nii.gz" }),
            Throws.InstanceOf<UserErrorException>().With.Message.StartsWith(
                $"ct_1: the label file {folder["lost.nii.gz"]} is missing"));
    }

    private static DatasetReader Reader(TemporaryFolder folder, Volume<float> image, Volume<ushort> labels)
    {
        VolumeFile.Write(image, folder["1_image.nii.gz"]);
        VolumeFile.Write(labels, folder["1_label.nii.gz"]);
        return new(new()
        {
            Name = "test",
            Title = "test",
            Licence = "none",
            Labels = LabelSet.WholeHeart.Structures,
            Modalities = new Dictionary<string, ModalityEntry> { ["CT"] = new() { Window = IntensityWindow.Ct } },
            Cases = [new() { Id = "ct_1", Modality = "CT", Image = "1_image.nii.gz", Label = "1_label.nii.gz" }],
            DataRoot = folder.Path,
        });
    }
}
