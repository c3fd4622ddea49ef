using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>DICOM files as GDCM, DCMTK and pydicom read them though the standard has them otherwise, and enhanced ones.</summary>
public sealed class DicomFormTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private void Write(Func<DicomSlice, int, DicomSlice>? change = null, Func<int, string>? name = null)
    {
        foreach (var (slice, i) in Body.Slices.Select((slice, i) => (slice, i)))
            (change?.Invoke(slice, i) ?? slice).Write(_folder[name?.Invoke(i) ?? $"im{i}.dcm"]);
    }

    private void AssertBody(int warnings = 0)
    {
        var found = new List<string>();
        var volume = VolumeFile.ReadIntensities(_folder.Path, found);
        Assert.That(volume.Grid, Is.EqualTo(Body.Grid));
        Assert.That(volume.Voxels, Is.EqualTo(Body.Volume.Voxels));
        Assert.That(found, Has.Count.EqualTo(warnings));
    }

    private static DicomSlice With(DicomSlice slice, uint tag, string text) =>
        slice with { Extra = new Dictionary<uint, string>(slice.Extra) { [tag] = text } };

    [Test]
    public void Monochrome_1_changes_no_value()
    {
        Write((slice, _) => With(slice, 0x00280004, "MONOCHROME1"));
        AssertBody();
    }

    [TestCase(DicomSlice.ExplicitSyntax)]
    [TestCase(DicomSlice.ImplicitSyntax)]
    [TestCase(DicomSlice.BigEndianSyntax)]
    [TestCase(DicomSlice.DeflatedSyntax)]
    public void Uncompressed_transfer_syntaxes_are_read(string syntax)
    {
        Write((slice, _) => slice with { Syntax = syntax });
        AssertBody();
    }

    [Test]
    public void Files_without_preamble_mark_or_meta_group_are_read(
        [Values(128, 132, -1)] int missing, [Values(DicomSlice.ExplicitSyntax, DicomSlice.ImplicitSyntax)] string syntax)
    {
        Write(
            (slice, _) => slice with { Syntax = syntax, IsBare = missing < 0, Headless = Math.Max(missing, 0) },
            i => $"1.2.840.{i + 5}");
        AssertBody();
    }

    [Test]
    public void Elements_without_type_and_bytes_behind_the_pixels_are_passed_over()
    {
        byte[] element = [9, 0, 0x10, 0, .. "LO"u8, 4, 0, .. "ACME"u8, 9, 0, 1, 0x10, 6, 0, 0, 0, .. "123456"u8];
        Write((slice, i) => slice with { Inserted = element, Trailing = new byte[7 + i] });
        AssertBody();
    }

    [Test]
    public void Odd_lengths_undefined_sequences_and_wrong_group_lengths_are_read()
    {
        byte[] odd = [9, 0, 0x10, 0, .. "LO"u8, 3, 0, .. "ACM"u8];
        byte[] groupLength = [9, 0, 0, 0, .. "UL"u8, 4, 0, 99, 0, 0, 0];
        byte[] sequence =
        [
            9, 0, 2, 0x10, .. "SQ"u8, 0, 0, 255, 255, 255, 255,
            0xFE, 0xFF, 0, 0xE0, 255, 255, 255, 255, 9, 0, 3, 0x10, .. "LO"u8, 2, 0, .. "AB"u8, 0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0,
            0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0,
        ];
        byte[] unknown =
        [
            9, 0, 4, 0x10, .. "UN"u8, 0, 0, 255, 255, 255, 255,
            0xFE, 0xFF, 0, 0xE0, 10, 0, 0, 0, 9, 0, 3, 0x10, 2, 0, 0, 0, .. "AB"u8, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0,
        ];
        Write((slice, _) => slice with { Inserted = [.. groupLength, .. odd, .. sequence, .. unknown] });
        AssertBody();
    }

    [Test]
    public void Transfer_syntax_that_is_missing_or_false_is_found_out([Values("", DicomSlice.ImplicitSyntax)] string said)
    {
        Write();
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            var bytes = File.ReadAllBytes(file);
            var at = bytes.AsSpan().IndexOf("1.2.840.10008.1.2.1"u8);
            // An element of 20 bytes with its head of 8.
            byte[] element = said.Length == 0 ? [] : [.. bytes[(at - 8)..(at - 2)], 18, 0, .. "1.2.840.10008.1.2\0"u8];
            File.WriteAllBytes(file, [.. bytes[..(at - 8)], .. element, .. bytes[(at + 20)..]]);
        }

        AssertBody();
    }

    // Element, text, words of the refusal.
    [TestCase(0x00280030u, @"1,5\1,5", "(0028,0030)")]
    [TestCase(0x00200032u, @"-20,5\-15,5\100,5", "(0020,0032)")]
    [TestCase(0x00200037u, @"1,0\0\0\0\1\0", "(0020,0037)")]
    [TestCase(0x00281053u, "1,0", "(0028,1053)")]
    [TestCase(0x00281052u, "-1024,0", "(0028,1052)")]
    [TestCase(0x00180050u, "2,5", "(0018,0050)")]
    [TestCase(0x00281053u, "0", "(0028,1053)")]
    [TestCase(0x00280030u, @"1500\1500", "1500 × 1500 × 2 mm")]
    [TestCase(0x00280030u, @"0.01\0.01", "0.01 × 0.01 × 2 mm")]
    public void Numbers_that_cannot_be_are_named(uint tag, string text, string words)
    {
        Write((slice, _) => With(slice, tag, text));
        Assert.That(
            () => VolumeFile.ReadIntensities(_folder.Path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(words));
        var series = DicomSeries.Find(_folder.Path).Single();
        Assert.That(series.Kind, Is.EqualTo(DicomSeriesKind.BrokenScan));
    }

    [TestCase(-2000, null)]
    [TestCase(-2000, -1990)]
    public void Padding_becomes_air(int padding, int? limit)
    {
        foreach (var (slice, i) in new DicomSlice { Intercept = 24 }.Stack(3, 2).Select((slice, i) => (slice, i)))
        {
            var padded = With(slice, 0x00280120, DicomSlice.Number(padding)) with
            {
                Value = (x, y) => (short)(x == 0 ? padding + (limit is null ? 0 : y) : 100),
            };
            (limit is { } to ? With(padded, 0x00280121, DicomSlice.Number(to)) : padded).Write(_folder[$"{i}.dcm"]);
        }

        var volume = VolumeFile.ReadIntensities(_folder.Path);
        Assert.That(volume.Voxels.Distinct(), Is.EquivalentTo(new[] { -1024f, 124 }));
    }

    [Test]
    public void Bits_beside_the_stored_ones_do_not_count()
    {
        foreach (var (slice, i) in new DicomSlice { Intercept = 0 }.Stack(2, 2).Select((slice, i) => (slice, i)))
        {
            var twelve = With(With(slice, 0x00280101, DicomSlice.Number(12)), 0x00280102, DicomSlice.Number(11));
            // Negative in 12 bits, and an overlay in the highest.
            (twelve with { Value = (_, _) => unchecked((short)0x8FFE) }).Write(_folder[$"{i}.dcm"]);
        }

        Assert.That(VolumeFile.ReadIntensities(_folder.Path).Voxels, Is.All.EqualTo(-2));
    }

    [Test]
    public void Modality_follows_from_the_kind_of_object_or_is_asked_for()
    {
        Write((slice, _) => With(slice, 0x00080060, ""));
        AssertBody();
        Write((slice, _) => With(slice, 0x00080060, "") with { SopClass = "1.2.840.10008.5.1.4.1.1.999" });
        Assert.That(DicomSeries.Find(_folder.Path).Single().Problem, Does.Contain("without a modality (0008,0060)"));
    }

    [Test]
    public void File_named_like_dicom_that_is_none_is_mentioned()
    {
        Write();
        File.WriteAllText(_folder["broken.dcm"], new string('x', 500));
        File.WriteAllText(_folder["empty.dcm"], "");
        Assert.That(
            DicomSeries.Find(_folder.Path).Select(series => series.Kind),
            Is.EqualTo(new[] { DicomSeriesKind.Scan, DicomSeriesKind.NoScan, DicomSeriesKind.NoScan }));
        AssertBody(warnings: 2);
    }

    [Test]
    public void Enhanced_ct_is_read_by_its_frames(
        [Values] bool sequencesHaveLength,
        [Values(DicomSlice.ExplicitSyntax, DicomSlice.ImplicitSyntax)] string syntax,
        [Values(1, 2)] int files)
    {
        // Frames from head to foot; in two files, a concatenation.
        for (var file = 0; file < files; file++)
        {
            var count = 8 / files;
            var first = file * count;
            new DicomSlice
            {
                SopClass = "1.2.840.10008.5.1.4.1.1.2.1", Syntax = syntax, SequencesHaveLength = sequencesHaveLength,
                Frames = [.. Enumerable.Range(0, count).Select(i => new double[] { -10, -20, 30 - (2 * (first + i)) })],
                Value = (x, y) => (short)(1000 + x + (10 * y) + (100 * first)),
            }.Write(_folder[$"part{file}.dcm"]);
        }

        var volume = VolumeFile.ReadIntensities(_folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(4, 3, 8)));
            Assert.That(volume.Grid.SpacingMm, Is.EqualTo(new Vector3D(0.75, 0.5, 2)));
            Assert.That(volume.Grid.OriginMm, Is.EqualTo(new Vector3D(-10, -20, 16)));
            // The lowest slice is the last frame: 1000 + 3 + 10 · 1 + 100 · 7 − 1024.
            Assert.That(volume[3, 1, 0], Is.EqualTo(689));
            Assert.That(VolumeFile.FilesOf(_folder.Path), Has.Count.EqualTo(files));
        }
    }

    [Test]
    public void Phases_of_an_enhanced_ct_are_volumes_of_their_own()
    {
        var path = new DicomSlice
        {
            SopClass = "1.2.840.10008.5.1.4.1.1.2.1",
            Frames = [.. Enumerable.Range(0, 6).Select(i => new double[] { -10, -20, 30 + (2 * (i % 3)) })],
            FrameGroups = i => [(0x00189118, 0x00209241, "FD", Real(i < 3 ? 75 : 40))],
        }.Write(_folder["phases.dcm"]);
        var all = DicomSeries.Find(_folder.Path);
        Assert.That(all.Select(series => series.Grid!.Size.Z), Is.EqualTo(new[] { 3, 3 }));
        // The earlier phase first: frames 3 to 5.
        Assert.That(VolumeFile.ReadIntensities(all[0].Files, all[0].Path)[0, 0, 0], Is.EqualTo(1000 + 300 - 1024));
        Assert.That(VolumeFile.ReadIntensities(all[1].Files, all[1].Path)[0, 0, 0], Is.EqualTo(1000 - 1024));
        Assert.That(() => VolumeFile.ReadHeader(path), Throws.TypeOf<UserErrorException>().With.Message.Contains("2 DICOM series"));
    }

    private static string Real(double value) =>
        string.Concat(BitConverter.GetBytes(value).Select(part => (char)part));
}
