using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>One series that holds several images of a position: phases, copies, or a mixture that is refused.</summary>
public sealed class DicomStackTests
{
    private const uint Acquisition = 0x00200012;
    private const uint TriggerTime = 0x00181060;
    private const uint ContentTime = 0x00080033;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private static DicomSlice With(DicomSlice slice, uint tag, string text) =>
        slice with { Extra = new Dictionary<uint, string>(slice.Extra) { [tag] = text } };

    private static DicomSlice Brighter(DicomSlice slice) => slice with { Value = (x, y) => (short)(slice.Value(x, y) + 5) };

    private void Write(IEnumerable<DicomSlice> slices, string prefix)
    {
        foreach (var (slice, i) in slices.Select((slice, i) => (slice, i)))
            slice.Write(_folder[$"{prefix}{i}.dcm"]);
    }

    private void AssertOneBody(int copies)
    {
        var warnings = new List<string>();
        var volume = VolumeFile.ReadIntensities(_folder.Path, warnings);
        Assert.That(volume.Grid, Is.EqualTo(Body.Grid));
        Assert.That(volume.Voxels, Is.EqualTo(Body.Volume.Voxels));
        Assert.That(warnings.Single(), Does.Contain($"{copies} {(copies == 1 ? "slice" : "slices")} twice"));
    }

    private void AssertOneRefusal(string words)
    {
        var series = DicomSeries.Find(_folder.Path).Single();
        Assert.That(series.Kind, Is.EqualTo(DicomSeriesKind.BrokenScan));
        Assert.That(series.Problem, Does.Contain(words));
        Assert.That(() => VolumeFile.ReadIntensities(_folder.Path), Throws.TypeOf<UserErrorException>());
    }

    [Test]
    public void Doubled_slice_of_the_same_pixels_is_dropped()
    {
        Write(Body.Slices.Select((slice, i) => With(slice, Acquisition, $"{i + 1}")), "a");
        With(Body.Slice(3), Acquisition, "9").Write(_folder["double.dcm"]);
        AssertOneBody(copies: 1);
    }

    [Test]
    public void Two_acquisitions_that_share_a_slice_are_one_volume_or_refused([Values] bool same)
    {
        Write(Body.Slices.Select((slice, i) => With(slice, Acquisition, i < 4 ? "2" : "3")), "a");
        var border = With(Body.Slice(4), Acquisition, "2");
        (same ? border : Brighter(border)).Write(_folder["border.dcm"]);
        if (same)
            AssertOneBody(copies: 1);
        else
            AssertOneRefusal("two different images at one position");
    }

    [Test]
    public void Series_exported_twice_is_read_once()
    {
        Write(Body.Slices, "a");
        Write(Body.Slices, "b");
        AssertOneBody(copies: 8);
    }

    // Tag, value of both stacks; "+" stands for a time that differs from slice to slice.
    [TestCase(TriggerTime, "350", "700")]
    [TestCase(TriggerTime, "350+", "700+")]
    [TestCase(ContentTime, "120000+", "120500+")]
    [TestCase(Acquisition, "2", "10")]
    [TestCase(0x00180010u, "", "Iomeron")]
    [TestCase(0x00180060u, "80", "140")]
    [TestCase(0x00080008u, @"DERIVED\PRIMARY\AXIAL\VMI", @"ORIGINAL\PRIMARY\AXIAL\CT_SOM5 SPI DUAL\STD")]
    public void Stacks_of_the_same_positions_are_volumes_of_their_own(uint tag, string first, string second)
    {
        string Value(string text, int i) => text.EndsWith('+') ? $"{int.Parse(text[..^1]) + i}" : text;
        // One slice at the end of the second is missing, as happens with phases.
        Write(Body.Slices.Select((slice, i) => With(slice, tag, Value(first, i))), "a");
        Write(Body.Slices.Take(first.EndsWith('+') ? 8 : 7).Select((slice, i) => With(Brighter(slice), tag, Value(second, i))), "b");
        var all = DicomSeries.Find(_folder.Path);
        Assert.That(all.Select(series => series.Kind), Is.EqualTo(new[] { DicomSeriesKind.Scan, DicomSeriesKind.Scan }));
        Assert.That(VolumeFile.ReadIntensities(all[0].Path)[0, 0, 0], Is.EqualTo(-1000));
        Assert.That(VolumeFile.ReadIntensities(all[1].Path)[0, 0, 0], Is.EqualTo(-995));
    }

    [Test]
    public void Part_of_a_scan_under_another_number_makes_no_volume_of_its_own()
    {
        Write(Body.Slices.Select(slice => With(slice, Acquisition, "1")), "a");
        Write(Body.Slices.Take(3).Select(slice => With(Brighter(slice), Acquisition, "2")), "b");
        AssertOneRefusal("two different images at one position");
    }

    [Test]
    public void Halves_of_different_spacing_make_no_volumes()
    {
        Write(Body.Slices.Take(4), "a");
        Write(Body.Slices.Skip(4).Select(slice => slice with { Spacing = (1.6, 1.6) }), "b");
        AssertOneRefusal("covers only part of the scan");
    }

    [Test]
    public void Spacings_that_differ_by_rounding_are_one()
    {
        Write(Body.Slices.Select((slice, i) => slice with { Spacing = i % 2 == 0 ? (1.5, 1.5) : (1.5001, 1.4999) }), "a");
        Assert.That(VolumeFile.ReadHeader(_folder.Path).Grid.Size, Is.EqualTo(Body.Grid.Size));
    }

    [Test]
    public void Slice_without_frame_of_reference_belongs_to_the_others()
    {
        Write(Body.Slices.Select((slice, i) => i == 3 ? slice : With(slice, 0x00200052, "1.2.8")), "a");
        Assert.That(VolumeFile.ReadHeader(_folder.Path).Grid, Is.EqualTo(Body.Grid));
    }

    [TestCase(0x00100020u)]
    [TestCase(0x0020000Du)]
    [TestCase(0x00200052u)]
    public void Patients_studies_and_frames_of_reference_are_not_mixed(uint tag)
    {
        Write(Body.Slices.Select(slice => With(slice, tag, "1.2.8")), "a");
        Write(Body.Slices.Select(slice => With(Brighter(slice), tag, "1.2.9")), "b");
        var all = DicomSeries.Find(_folder.Path);
        Assert.That(all.Select(series => series.Grid!.Size.Z), Is.EqualTo(new[] { 8, 8 }));
        Assert.That(all[0].Warnings.Single(), Does.Contain("2 patients, studies or frames of reference"));
    }
}
