using System.Text;
using System.Text.Json;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>DICOM Segmentation objects as programs of others read them.</summary>
public class DicomSegmentationTests
{
    private const string FrameOfReference = "1.2.840.99.7";

    private static readonly SegmentationAlgorithm Algorithm = new("MkdSeg phantom-ct", "0.1.0", new('a', 64));

    // Frame by frame: segment, referenced image and its frame, position, place among the dimensions, voxels.
    private const string PydicomFrames = """
        import sys, json, pydicom
        seg = pydicom.dcmread(sys.argv[1])
        pixels = seg.pixel_array
        found = []
        for frame, voxels in zip(seg.PerFrameFunctionalGroupsSequence, pixels):
            source = frame.DerivationImageSequence[0].SourceImageSequence[0]
            found.append({
                'Segment': frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber,
                'Sop': source.ReferencedSOPInstanceUID, 'Frame': int(source.get('ReferencedFrameNumber', 0)),
                'Position': [float(x) for x in frame.PlanePositionSequence[0].ImagePositionPatient],
                'Index': list(frame.FrameContentSequence[0].DimensionIndexValues),
                'Voxels': ''.join(str(v) for v in voxels.flatten())})
        print(json.dumps(found))
        """;

    private const string DcmjsFrames = """
        const { data } = require('dcmjs');
        console.warn = () => {};
        const file = require('fs').readFileSync(process.argv[1]);
        const message = data.DicomMessage.readFile(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
        const seg = data.DicomMetaDictionary.naturalizeDataset(message.dict);
        const bits = data.BitArray.unpack(new Uint8Array(seg.PixelData[0] ?? seg.PixelData));
        const length = seg.Rows * seg.Columns;
        process.stdout.write(JSON.stringify(seg.PerFrameFunctionalGroupsSequence.map((frame, i) => {
            const source = frame.DerivationImageSequence[0].SourceImageSequence[0];
            return {
                Segment: frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber,
                Sop: source.ReferencedSOPInstanceUID, Frame: Number(source.ReferencedFrameNumber ?? 0),
                Position: frame.PlanePositionSequence[0].ImagePositionPatient.map(Number),
                Index: frame.FrameContentSequence[0].DimensionIndexValues,
                Voxels: Array.from(bits.slice(i * length, (i + 1) * length), bit => bit ? '1' : '0').join('') };
        })));
        """;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Series()
    {
        static DicomSlice Slice(int columns, int rows) => new()
        {
            Columns = columns, Rows = rows, Spacing = (0.5, 0.75), Extra = Needed(),
        };

        yield return Named("axial", Slice(8, 6).Stack(5, 2));
        yield return Named("odd, so that no frame begins at a byte", Slice(7, 5).Stack(5, 2));
        yield return Named("wider than a vector", Slice(37, 5).Stack(3, 2));
        yield return Named("feet last, files in reverse", Slice(7, 5).Stack(5, -2));
        yield return Named("sagittal", (Slice(7, 5) with { Orientation = [0, 1, 0, 0, 0, -1] })
            .Stack(4, 1, (slice, i) => slice with { Position = [-10 + (3 * i), -20, 30] }));
        // Two rotations by 3-4-5 triangles; the normal is (-0.48, -0.64, 0.6).
        yield return Named("oblique", (Slice(7, 5) with { Orientation = [0.8, -0.6, 0, 0.36, 0.48, 0.8] })
            .Stack(4, 1, (slice, i) => slice with { Position = [-10 - (0.96 * i), -20 - (1.28 * i), 30 + (1.2 * i)] }));
        yield return Named("gantry tilted", Slice(7, 5)
            .Stack(4, 1, (slice, i) => slice with { Position = [-10, -20 + (1.5 * i), 30 + (3 * i)] }));
        yield return Named("Enhanced CT", [Slice(7, 5) with
        {
            SopClass = "1.2.840.10008.5.1.4.1.1.2.1", Frames = [[-10, -20, 34], [-10, -20, 32], [-10, -20, 30]],
        }]);

        static TestCaseData Named(string name, IEnumerable<DicomSlice> slices) => new((object)slices.ToArray()) { TestName = $"{{m}}({name})" };
    }

    [TestCaseSource(nameof(Series))]
    public void Pydicom_reads_every_voxel_where_it_lies(DicomSlice[] slices) =>
        AssertFrames(slices, path => Independent.Python("pydicom", PydicomFrames, path));

    [TestCaseSource(nameof(Series))]
    public void Dcmjs_reads_every_voxel_where_it_lies(DicomSlice[] slices) =>
        AssertFrames(slices, path => Independent.Node("dcmjs", DcmjsFrames, path));

    [TestCaseSource(nameof(Series))]
    public void Dciodvfy_finds_no_error(DicomSlice[] slices)
    {
        var (path, _) = Write(slices);
        var output = Independent.Program("dciodvfy", "dicom3tools", path);
        Assert.That(output, Does.Contain("Segmentation\n").And.Not.Contain("Error"));
    }

    [Test]
    public void Dcmdump_reads_it_to_the_end()
    {
        var (path, _) = Write([.. Source().Stack(3, 2)]);
        var output = Independent.Program("dcmdump", "dcmtk", path);
        Assert.That(output, Does.Contain("(7fe0,0010) OB").And.Not.Contain("E: ").And.Not.Contain("W: "));
    }

    [Test]
    public void Patient_study_and_place_are_the_source_s_and_the_rest_is_new()
    {
        // "Müller^Jürgen" and "Größe" in UTF-8, as characters of Latin-1, which is how the slice writes texts.
        static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        var (path, warnings) = Write([.. Source(new()
        {
            [0x00080005] = "ISO_IR 192", [0x00100010] = Utf8("Müller^Jürgen"), [0x00100020] = "P-1", [0x00100030] = "19600229",
            [0x00100040] = "F", [0x00101020] = "1.72", [0x00101030] = "69.5", [0x00080020] = "20260102", [0x00080030] = "1015",
            [0x00080050] = "A1", [0x00200010] = "S1", [0x00081030] = Utf8("Größe"), [0x00080090] = "Doe^J",
        }).Stack(3, 2)]);
        var found = Read(path, """
            print(json.dumps({str(e.tag): str(e.value) for e in seg if e.VR not in ('SQ', 'OB') and e.tag.group in (8, 16, 32)}
                | {'again': str(pydicom.dcmread(sys.argv[2]).SOPInstanceUID), 'lab': list(seg.SegmentSequence[2].RecommendedDisplayCIELabValue),
                   'type': seg.SegmentSequence[2].SegmentedPropertyTypeCodeSequence[0].CodeValue,
                   'region': seg.SegmentSequence[2].AnatomicRegionSequence[0].CodeMeaning,
                   'all': [r.ReferencedSOPInstanceUID for r in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence]}))
            """, path, Write([.. Source().Stack(3, 2)]).Path);
        string Text(string tag) => found.GetProperty(tag).GetString()!;
        Assert.Multiple(() =>
        {
            Assert.That(warnings, Is.Empty);
            Assert.That(Text("(0010, 0010)"), Is.EqualTo("Müller^Jürgen"));
            Assert.That(Text("(0008, 1030)"), Is.EqualTo("Größe"));
            Assert.That(Text("(0010, 0020)"), Is.EqualTo("P-1"));
            Assert.That(Text("(0010, 1020)"), Is.EqualTo("1.72"));
            Assert.That(Text("(0008, 0020)"), Is.EqualTo("20260102"));
            Assert.That(Text("(0020, 000d)"), Is.EqualTo("1.2"), "study");
            Assert.That(Text("(0020, 0052)"), Is.EqualTo(FrameOfReference));
            Assert.That(Text("(0020, 000e)"), Does.Match(@"^2\.25\.[1-9]\d{20,38}$"), "series");
            Assert.That(Text("(0008, 0018)"), Does.StartWith("2.25.").And.Not.EqualTo(Text("again")).And.Not.EqualTo(Text("(0020, 000e)")));
            Assert.That(Text("type"), Is.EqualTo("87878005"), "left ventricle");
            Assert.That(Text("region"), Is.EqualTo("Heart"));
            Assert.That(found.GetProperty("all").EnumerateArray().Select(uid => uid.GetString()), Is.EqualTo((string[])["1.2.3.100", "1.2.3.101", "1.2.3.102"]));
            Assert.That(
                found.GetProperty("lab").EnumerateArray().Select(v => v.GetInt32()), Is.EqualTo(DicomSegmentation.CieLab("#f58231")));
        });
    }

    // Red: L 54.29, a 80.80, b 69.89 under D50 (B. Lindbloom's tables); grey has no colour, which is 0x8080 twice.
    [TestCase("#ffffff", 65535, 0x8080, 0x8080)]
    [TestCase("#000000", 0, 0x8080, 0x8080)]
    [TestCase("#ff0000", 35580, 53662, 50858)]
    public void Colours_are_encoded_as_icc_profiles_do(string colour, int l, int a, int b)
    {
        var lab = DicomSegmentation.CieLab(colour);
        Assert.That(lab, Is.EqualTo((int[])[l, a, b]).Within(10));
    }

    [TestCase(0x00080016u, "SOP Class UID (0008,0016)")]
    [TestCase(0x00080018u, "SOP Instance UID (0008,0018)")]
    [TestCase(0x0020000Du, "Study Instance UID (0020,000d)")]
    [TestCase(0x0020000Eu, "Series Instance UID (0020,000e)")]
    [TestCase(0x00200052u, "Frame of Reference UID (0020,0052)")]
    public void A_missing_attribute_is_named_and_nothing_is_written(uint tag, string name)
    {
        var error = Assert.Throws<UserErrorException>(
            () => Write([.. Source(new() { [tag] = "" }).Stack(3, 2)]))!;
        Assert.That(error.Message, Does.Contain("lacks the " + name));
        Assert.That(Directory.EnumerateFiles(_folder.Path, "*.seg.dcm"), Is.Empty);
    }

    [Test]
    public void Headers_that_would_make_it_invalid_are_refused_or_left_empty()
    {
        string Refused(Dictionary<uint, string> extra) =>
            Assert.Throws<UserErrorException>(() => Write([.. Source(extra).Stack(3, 2)]))!.Message;
        var (path, warnings) = Write([.. Source(new() { [0x00080020] = "2.1.2026", [0x00100040] = "X", [0x00120062] = "YES" }).Stack(3, 2)]);
        Assert.Multiple(() =>
        {
            Assert.That(Refused(new() { [0x0020000D] = "1.02.3" }), Does.Contain("'1.02.3' as Study Instance UID").And.Contain("not a UID"));
            Assert.That(Refused(new() { [0x00080018] = "1.2.3" }), Does.Contain("has the SOP Instance UID (0008,0018) of"));
            Assert.That(Refused(new() { [0x00100010] = "M\u00fcller" }), Does.Contain("lacks the Specific Character Set (0008,0005), though its Patient's Name"));
            Assert.That(warnings, Has.Exactly(1).Contains("'2.1.2026' as Study Date (0008,0020)").And.Exactly(1).Contains("Patient's Sex"));
        });
        Assert.That(Independent.Program("dciodvfy", "dicom3tools", path), Does.Not.Contain("Error"));
    }

    private static Dictionary<uint, string> Needed() => new() { [0x00200052] = FrameOfReference };

    private static DicomSlice Source(Dictionary<uint, string>? extra = null)
    {
        var all = Needed();
        foreach (var (tag, text) in extra ?? [])
            all[tag] = text;
        return new() { Extra = all };
    }

    // Layers of five structures and background, aslant to every axis; two structures have no voxel.
    private static int ClassAt(Vector3D point)
    {
        var layer = (int)Math.Floor(point.Dot(new(1, 1.7, 2.3)) + 0.1234567) % 6;
        return layer < 0 ? layer + 6 : layer;
    }

    private (string Path, List<string> Warnings) Write(DicomSlice[] slices)
    {
        var folder = _folder[Guid.NewGuid().ToString("N")];
        for (var i = 0; i < slices.Length; i++)
            (slices[i] with { SopUid = $"1.2.3.{100 + i}" }).Write(Path.Combine(folder, $"{slices.Length - i}.dcm"));
        var source = DicomSource.OpenFolder(folder);
        var mask = new Volume<byte>(source.Grid);
        var size = source.Grid.Size;
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            mask.Voxels[i] = (byte)ClassAt(source.Grid.ToPoint(
                new(i % size.X, i / size.X % size.Y, i / size.SliceLength)));
        }

        var (path, warnings) = (_folder[$"{Guid.NewGuid():N}.seg.dcm"], new List<string>());
        DicomSegmentation.Write(new(source, Algorithm, warnings), mask, LabelSet.WholeHeart, "Heart", path);
        return (path, warnings);
    }

    private static JsonElement Read(string path, string script, params string[] arguments) =>
        JsonSerializer.Deserialize<JsonElement>(Independent.Python(
            "pydicom", "import sys, json, pydicom\nseg = pydicom.dcmread(sys.argv[1])\n" + script, [.. arguments.DefaultIfEmpty(path)]));

    private void AssertFrames(DicomSlice[] slices, Func<string, string> read)
    {
        var frames = JsonSerializer.Deserialize<FoundFrame[]>(read(Write(slices).Path))!;
        var images = slices.SelectMany((slice, i) => slice.Frames is { } own
            ? own.Select((position, frame) => (Sop: $"1.2.3.{100 + i}", Frame: frame + 1, Position: position, Slice: slice))
            : [(Sop: $"1.2.3.{100 + i}", Frame: 0, Position: slice.Position!, Slice: slice)]).ToArray();
        Assert.That(frames, Has.Length.EqualTo(7 * images.Length));
        foreach (var (sop, number, position, slice) in images)
        {
            var own = frames.Where(frame => frame.Sop == sop && frame.Frame == number).OrderBy(frame => frame.Segment).ToArray();
            Assert.That(own.Select(frame => frame.Segment), Is.EqualTo(Enumerable.Range(1, 7)));
            foreach (var frame in own)
            {
                Assert.That(frame.Position, Is.EqualTo(position).Within(1e-6));
                Assert.That(frame.Voxels, Is.EqualTo(Expected(frame.Segment, position, slice)), $"segment {frame.Segment} of {sop}");
            }
        }

        // Frames come segment by segment, each slice once, along the normal.
        Assert.That(
            frames.Select(frame => frame.Index),
            Is.EqualTo(from segment in Enumerable.Range(1, 7) from i in Enumerable.Range(1, images.Length) select (int[])[segment, i]));
    }

    private static string Expected(int segment, double[] position, DicomSlice slice)
    {
        var text = new StringBuilder();
        for (var y = 0; y < slice.Rows; y++)
        {
            for (var x = 0; x < slice.Columns; x++)
            {
                double At(int axis) => position[axis] + (x * slice.Spacing.X * slice.Orientation[axis])
                    + (y * slice.Spacing.Y * slice.Orientation[3 + axis]);
                text.Append(ClassAt(new(At(0), At(1), At(2))) == segment ? '1' : '0');
            }
        }

        return text.ToString();
    }

    private sealed record FoundFrame(int Segment, string Sop, int Frame, double[] Position, int[] Index, string Voxels);
}
