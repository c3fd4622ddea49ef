using System.Text.Json;
using MkdSeg.Datasets;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>Series of pictures as programs of others read them.</summary>
public class DicomOverlayTests
{
    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<string> _files = [];

    [OneTimeSetUp]
    public void Write()
    {
        var slice = new DicomSlice
        {
            Columns = 8, Rows = 6, Orientation = [0, 1, 0, 0, 0, -1], Extra = new Dictionary<uint, string> { [0x00200052] = "1.2.9" },
        };
        foreach (var (one, i) in slice.Stack(4, 0, (one, i) => one with { Position = [3 * i, 0, 0] }).Select((one, i) => (one, i)))
            (one with { SopUid = $"1.2.3.{i}" }).Write(_folder["in", $"{4 - i}.dcm"]);
        var source = DicomSource.OpenFolder(_folder["in"]);
        var (mask, volume) = (new Volume<byte>(source.Grid), new Volume<float>(source.Grid));
        Array.Fill(volume.Voxels, 100);
        // LV: 4 × 3 pixels of the second slice with two inside; RA: one pixel in a corner of the fourth.
        for (var y = 2; y < 5; y++)
        {
            for (var x = 1; x < 5; x++)
                mask[x, y, 1] = 3;
        }

        mask[7, 5, 3] = 4;
        _folder.Write("out/0009.dcm", "of an earlier run");
        _files = DicomOverlay.Write(
            new(source, new("MkdSeg test", "0.1.0", "ab"), []),
            volume,
            mask,
            LabelSet.WholeHeart,
            (0, 200),
            [("RESEARCH USE ONLY", null), ("LV 1.0 ML", "#f58231")],
            "Outlines",
            _folder["out"]);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_page_comes_first_and_slices_without_a_structure_are_left_out() => Assert.That(
        Directory.EnumerateFiles(_folder["out"]).Select(Path.GetFileName).Order(), Is.EqualTo(_files).And.EqualTo((string[])
            ["0000.dcm", "0001.dcm", "0002.dcm"]));

    [Test]
    public void Dciodvfy_finds_no_error()
    {
        foreach (var file in _files)
        {
            Assert.That(
                Independent.Program("dciodvfy", "dicom3tools", _folder["out", file]), Does.Contain("SCImage\n").And.Not.Contain("Error"));
        }
    }

    [Test]
    public void Pydicom_sees_edges_in_colour_on_the_right_slices()
    {
        var found = JsonSerializer.Deserialize<JsonElement>(Independent.Python("pydicom", """
            import sys, json, pydicom
            images = [pydicom.dcmread(path) for path in sys.argv[1:]]
            def count(pixels, colour):
                return int((pixels == colour).all(axis=2).sum())
            print(json.dumps({
                'series': len({i.SeriesInstanceUID for i in images}), 'objects': len({i.SOPInstanceUID for i in images}),
                'study': [i.StudyInstanceUID for i in images], 'numbers': [int(i.InstanceNumber) for i in images],
                'sources': [i.SourceImageSequence[0].ReferencedSOPInstanceUID if 'SourceImageSequence' in i else '' for i in images],
                'sides': list(images[1].PatientOrientation), 'size': list(images[1].pixel_array.shape),
                'edge': count(images[1].pixel_array, (0xf5, 0x82, 0x31)), 'inside': images[1].pixel_array[3, 2].tolist(),
                'corner': images[2].pixel_array[5, 7].tolist(), 'page': count(images[0].pixel_array, (0xf5, 0x82, 0x31)),
                'text': count(images[0].pixel_array, (255, 255, 255)) > 300}))
            """, [.. _files.Select(file => _folder["out", file])]));
        string Text(string name) => found.GetProperty(name).GetRawText().Replace(" ", "", StringComparison.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That((Text("series"), Text("objects"), Text("numbers")), Is.EqualTo(("1", "3", "[1,2,3]")));
            Assert.That(Text("study"), Is.EqualTo("""["1.2","1.2","1.2"]"""));
            Assert.That(Text("sources"), Is.EqualTo("""["","1.2.3.2","1.2.3.0"]"""), "the normal (-1, 0, 0) runs to the right");
            Assert.That(Text("sides"), Is.EqualTo("""["P","F"]"""));
            Assert.That(Text("size"), Is.EqualTo("[6,8,3]"));
            Assert.That(Text("edge"), Is.EqualTo("10"), "4 × 3 pixels less the two inside");
            Assert.That(Text("inside"), Is.EqualTo("[127,127,127]"), "100 of 200");
            Assert.That(Text("corner"), Is.EqualTo("[60,180,75]"));
            Assert.That(Text("page"), Is.EqualTo("196"), "a square of 14 × 14");
            Assert.That(Text("text"), Is.EqualTo("true"));
        });
    }
}
