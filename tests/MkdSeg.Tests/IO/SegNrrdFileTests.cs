using System.Globalization;
using System.IO.Compression;
using System.Text;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>The file is read here by the format's description alone, and by ITK.</summary>
public class SegNrrdFileTests
{
    private static readonly Grid Oblique = new(
        new(4, 3, 2), new(0.75, 1.25, 3), new(-12.5, 30.25, -401.125),
        new(new(0.8, 0.6, 0), new(-0.36, 0.48, 0.8), new(0.48, -0.64, 0.6)));

    [Test]
    public void Holds_the_class_indices_on_the_same_grid_and_a_segment_for_each_structure()
    {
        using var folder = new TemporaryFolder();
        var mask = new Volume<byte>(Oblique);
        mask[1, 2, 0] = 3;
        mask[2, 0, 1] = 3;
        mask[0, 0, 0] = 7;
        var path = folder["out/ct.seg.nrrd"];
        SegNrrdFile.Write(mask, LabelSet.WholeHeart, path);

        var (fields, voxels) = Read(path);
        Assert.That(voxels, Is.EqualTo(mask.Voxels));
        Assert.Multiple(() =>
        {
            Assert.That(fields["type"], Is.EqualTo("unsigned char"));
            Assert.That(fields["sizes"], Is.EqualTo("4 3 2"));
            Assert.That(fields["space"], Is.EqualTo("left-posterior-superior"));
            Assert.That(fields["space origin"], Is.EqualTo("(-12.5,30.25,-401.125)"));
            var directions = fields["space directions"].Split(' ')
                .SelectMany(vector => vector.Trim('(', ')').Split(',')).Select(n => double.Parse(n, CultureInfo.InvariantCulture));
            Assert.That(
                directions, Is.EqualTo(new[] { 0.6, 0.45, 0, -0.45, 0.6, 1, 1.44, -1.92, 1.8 }).Within(1e-12));
            Assert.That(fields["Segmentation_MasterRepresentation"], Is.EqualTo("Binary labelmap"));
            Assert.That(fields["Segmentation_SourceRepresentation"], Is.EqualTo("Binary labelmap"));
            Assert.That(fields["Segmentation_ContainedRepresentationNames"], Is.EqualTo("Binary labelmap|"));
            Assert.That(fields.Keys.Count(key => key.EndsWith("_ID", StringComparison.Ordinal)), Is.EqualTo(7));
            Assert.That(fields["Segment2_ID"], Is.EqualTo("LV"));
            Assert.That(fields["Segment2_Name"], Is.EqualTo("LV"));
            Assert.That(fields["Segment2_LabelValue"], Is.EqualTo("3"));
            Assert.That(fields["Segment2_Layer"], Is.EqualTo("0"));
            Assert.That(fields["Segment2_Color"], Is.EqualTo("0.960784 0.509804 0.192157"), "#f58231");
            Assert.That(fields["Segment2_Extent"], Is.EqualTo("1 2 0 2 0 1"));
            Assert.That(fields["Segment1_Extent"], Is.EqualTo("0 -1 0 -1 0 -1"), "a structure without voxels");
            var entry = fields["Segment2_Tags"].Split('|').Single(tag => tag.StartsWith("TerminologyEntry:", StringComparison.Ordinal));
            var parts = entry["TerminologyEntry:".Length..].Split('~');
            Assert.That(parts, Has.Length.EqualTo(7), "two contexts, category, type, modifier, region, its modifier");
            Assert.That(parts[1], Is.EqualTo("SCT^123037004^Anatomical Structure"));
            Assert.That(parts[2], Is.EqualTo("SCT^87878005^left ventricle blood cavity"));
        });
    }

    [Test]
    public void Itk_reads_it_too()
    {
        using var folder = new TemporaryFolder();
        var mask = new Volume<byte>(Oblique, [.. Enumerable.Range(0, 24).Select(i => (byte)(i % 8))]);
        SegNrrdFile.Write(mask, LabelSet.WholeHeart, folder["ct.seg.nrrd"]);
        var read = VolumeFile.ReadLabels(folder["ct.seg.nrrd"]);
        Assert.That(read.Voxels, Is.EqualTo(mask.Voxels));
        Assert.That((read.Grid.OriginMm - Oblique.OriginMm).Length, Is.LessThan(1e-9));
        for (var axis = 0; axis < 3; axis++)
            Assert.That((read.Grid.Direction[axis] - Oblique.Direction[axis]).Length, Is.LessThan(1e-9));
    }

    [Test]
    public void Names_cannot_break_the_header()
    {
        using var folder = new TemporaryFolder();
        var labels = new LabelSet(
        [
            new() { ClassIndex = 1, Name = "a\nb", FullName = "a~b^c|d", Value = 1, Color = "#000000", Terminology = "X:1" },
        ]);
        SegNrrdFile.Write(new Volume<byte>(Oblique), labels, folder["a.seg.nrrd"]);
        var (fields, _) = Read(folder["a.seg.nrrd"]);
        Assert.That(fields["Segment0_Name"], Is.EqualTo("a b"));
        Assert.That(fields["Segment0_Tags"], Does.Contain("~X^1^a b c d~"));
    }

    private static (Dictionary<string, string> Fields, byte[] Voxels) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        var lines = Encoding.UTF8.GetString(bytes, 0, end).Split('\n');
        Assert.That(lines[0], Is.EqualTo("NRRD0004"));
        var fields = new Dictionary<string, string>();
        foreach (var line in lines.Skip(1).Where(line => line[0] != '#'))
        {
            var separator = line.Contains(":=", StringComparison.Ordinal) ? ":=" : ": ";
            var at = line.IndexOf(separator, StringComparison.Ordinal);
            fields.Add(line[..at], line[(at + separator.Length)..]);
        }

        using var unpacked = new GZipStream(new MemoryStream(bytes, end + 2, bytes.Length - end - 2), CompressionMode.Decompress);
        using var voxels = new MemoryStream();
        unpacked.CopyTo(voxels);
        return (fields, voxels.ToArray());
    }
}
