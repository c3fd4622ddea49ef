using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>What is found in folders of DICOM files, and the sentence for each thing that is wrong with them.</summary>
public sealed class DicomSeriesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private void Write(IEnumerable<DicomSlice> slices, string prefix = "s")
    {
        foreach (var (slice, i) in slices.Select((slice, i) => (slice, i)))
            slice.Write(_folder[$"{prefix}{i}.dcm"]);
    }

    private DicomSeries Only()
    {
        var all = DicomSeries.Find(_folder.Path);
        Assert.That(all, Has.Count.EqualTo(1));
        return all[0];
    }

    private void AssertBroken(params string[] words)
    {
        var series = Only();
        Assert.That(series.Kind, Is.EqualTo(DicomSeriesKind.BrokenScan));
        Assert.That(series.Problem, Does.StartWith("Series 'Thorax' (1.2.3)"));
        foreach (var word in words)
            Assert.That(series.Problem, Does.Contain(word));
        Assert.That(
            () => VolumeFile.ReadIntensities(series.Path),
            Throws.TypeOf<UserErrorException>().With.Message.EqualTo(series.Problem));
    }

    [Test]
    public void Mixed_series_in_a_tree_are_told_apart_whatever_the_file_names()
    {
        var first = new DicomSlice().Stack(5, 2).ToArray();
        var second = new DicomSlice { SeriesUid = "1.2.4", SeriesNumber = 1, Description = "Abdomen/venous" }.Stack(4, 3);
        foreach (var (slice, i) in first.Select((slice, i) => (slice, (i * 3) % 5)))
            slice.Write(_folder[i % 2 == 0 ? "a" : "b", $"IM{i}"]);
        foreach (var (slice, i) in second.Select((slice, i) => (slice, 9 - i)))
            slice.Write(_folder["a", $"IM{i}"]);
        File.WriteAllText(_folder["a", "notes"], new string('x', 500));

        var all = DicomSeries.Find(_folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Select(series => series.Uid), Is.EqualTo(new[] { "1.2.4", "1.2.3" }));
            Assert.That(all.Select(series => series.Kind), Is.All.EqualTo(DicomSeriesKind.Scan));
            Assert.That(all[0].Path, Is.EqualTo(Path.Combine(_folder["a"], "series=1.2.4")));
            Assert.That(all[1].Path, Is.EqualTo(Path.Combine(_folder.Path, "series=1.2.3")));
            Assert.That(all[0].CaseName, Does.Match("^Abdomen_venous-[0-9a-f]{8}$"));
            Assert.That(all[1].Grid!.Size, Is.EqualTo(new GridSize(4, 3, 5)));
            Assert.That(all[1].Warnings, Is.Empty);
        }

        var volume = VolumeFile.ReadIntensities(all[1].Path);
        Assert.That(Enumerable.Range(0, 5).Select(z => volume[1, 2, z]), Is.EqualTo(new[] { -3, 97, 197, 297, 397 }));
        Assert.That(
            () => VolumeFile.ReadHeader(_folder.Path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("2 DICOM series").And.Message.Contains(all[0].Path));
    }

    [Test]
    public void Name_of_a_case_is_the_same_wherever_the_series_lies()
    {
        new DicomSlice { Description = "../Herz & Gefäße: \"CTA\" 1.5" }.Write(_folder["x", "1.dcm"]);
        var name = DicomSeries.Find(_folder["x"])[0].CaseName;
        new DicomSlice { SeriesUid = "1.2.99", SeriesNumber = 1, Description = "../Herz & Gefäße: \"CTA\" 1.5" }
            .Write(_folder["y", "2.dcm"]);
        var names = DicomSeries.Find(_folder.Path).Select(series => series.CaseName).ToArray();
        Assert.That(name, Does.Match("^Herz_Gef_e_CTA_1\\.5-[0-9a-f]{8}$"));
        Assert.That(names, Is.Unique);
        Assert.That(names[1], Is.EqualTo(name));
    }

    [Test]
    public void Missing_slices_are_counted()
    {
        Write(new DicomSlice().Stack(8, 2).Where((_, i) => i is not 3 and not 4));
        AssertBroken("2 slices are missing between", "s2.dcm", "s3.dcm", "6 mm apart, others 2 mm");
    }

    [Test]
    public void Unequal_distances_are_named()
    {
        Write(new DicomSlice().Stack(5, 2, (slice, i) =>
            i < 4 ? slice : slice with { Position = [-10, -20, 30 + 7] }));
        AssertBroken("unequal distances between", "1 mm apart, others 2 mm");
    }

    [Test]
    public void Copies_are_used_once()
    {
        Write(new DicomSlice().Stack(3, 2, (slice, i) => slice with { SopUid = $"1.5.{i}" }));
        File.Copy(_folder["s1.dcm"], _folder["t.dcm"]);
        var series = Only();
        Assert.That(series.Files, Has.Count.EqualTo(3));
        Assert.That(series.Warnings.Single(), Does.Contain("1 slice twice").And.Contain("t.dcm"));
    }

    [Test]
    public void Two_images_at_one_position_are_refused()
    {
        Write(new DicomSlice().Stack(3, 2));
        Write(new DicomSlice().Stack(1, 2, (slice, _) => slice with { Intercept = -1000 }), "t");
        AssertBroken("two different images at one position", "s0.dcm", "t0.dcm");
    }

    [Test]
    public void Phases_of_one_series_are_volumes_of_their_own()
    {
        Write(new DicomSlice { Extra = new Dictionary<uint, string> { [0x00181060] = "350" } }.Stack(3, 2), "b");
        Write(new DicomSlice { Extra = new Dictionary<uint, string> { [0x00181060] = "700" } }.Stack(3, 2), "a");
        var all = DicomSeries.Find(_folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Select(series => series.Kind), Is.All.EqualTo(DicomSeriesKind.Scan));
            Assert.That(all.Select(series => Path.GetFileName(series.Files[0])), Is.EqualTo(new[] { "b0.dcm", "a0.dcm" }));
            Assert.That(all[1].Path, Does.EndWith("series=1.2.3-2"));
            Assert.That(VolumeFile.FilesOf(all[1].Path), Is.EqualTo(all[1].Files));
            Assert.That(all[0].CaseName, Is.Not.EqualTo(all[1].CaseName));
        }
    }

    [Test]
    public void Stray_of_another_size_is_left_out()
    {
        Write(new DicomSlice().Stack(4, 2));
        Write(new DicomSlice { Columns = 8, Rows = 8 }.Stack(1, 2), "t");
        var all = DicomSeries.Find(_folder.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                all.Select(series => series.Kind), Is.EqualTo(new[] { DicomSeriesKind.Scan, DicomSeriesKind.NoScan }));
            Assert.That(all[0].Warnings.Single(), Does.Contain("do not fit together").And.Contain("1 of 8×8"));
            Assert.That(all[1].Problem, Does.Contain("4 of 4×3").And.Contain("t0.dcm").And.Contain("left out"));
            Assert.That(VolumeFile.ReadHeader(_folder.Path).Warnings, Has.Count.EqualTo(2));
        }
    }

    private static readonly TestCaseData[] NoScans =
    [
        new TestCaseData(new DicomSlice { ImageType = @"ORIGINAL\PRIMARY\LOCALIZER" }, "is a localizer"),
        new TestCaseData(new DicomSlice { SopClass = DicomSlice.SecondaryCaptureClass }, "is a secondary capture"),
        new TestCaseData(
            new DicomSlice { SopClass = DicomSlice.ReportClass, Modality = "SR", HasPixels = false }, "is a dose report"),
        new TestCaseData(new DicomSlice { Modality = "PT" }, "is of the modality PT"),
        new TestCaseData(new DicomSlice { HasPixels = false }, "is an object without an image"),
        new TestCaseData(
            new DicomSlice { Extra = new Dictionary<uint, string> { [0x00280002] = "\u0003\0" } },
            "is made up of colour images"),
    ];

    [TestCaseSource(nameof(NoScans))]
    public void What_is_no_scan_is_left_out_with_a_sentence(DicomSlice slice, string words)
    {
        ArgumentNullException.ThrowIfNull(slice);
        slice.Write(_folder["x.dcm"]);
        var series = Only();
        Assert.That(series.Kind, Is.EqualTo(DicomSeriesKind.NoScan));
        Assert.That(series.Problem, Does.StartWith($"Series 'Thorax' (1.2.3) {words}").And.Contain("x.dcm"));
        Assert.That(
            () => VolumeFile.ReadIntensities(_folder.Path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no DICOM series of a scan")
                .And.Message.Contains(words));
    }

    private static readonly TestCaseData[] Misplaced =
    [
        new TestCaseData(new DicomSlice { Position = null }, "does not state its position"),
        new TestCaseData(new DicomSlice { Orientation = [1, 0, 0, 1, 0, 0] }, "does not state its orientation"),
        new TestCaseData(new DicomSlice { Spacing = (0, 0) }, "does not state its pixel spacing"),
        new TestCaseData(
            new DicomSlice { Extra = new Dictionary<uint, string> { [0x00280011] = "" } }, "does not state how many rows"),
        new TestCaseData(
            new DicomSlice { Extra = new Dictionary<uint, string> { [0x00280008] = "20" } }, "contains several frames"),
    ];

    [TestCaseSource(nameof(Misplaced))]
    public void Slice_without_a_place_is_named(DicomSlice slice, string words)
    {
        ArgumentNullException.ThrowIfNull(slice);
        slice.Write(_folder["x.dcm"]);
        AssertBroken(words, "x.dcm");
    }

    [TestCase(true, "within its DICOM header")]
    [TestCase(false, "copy or export it again")]
    public void Truncated_slice_breaks_its_series(bool inHeader, string words)
    {
        Write(new DicomSlice().Stack(4, 2));
        var bytes = File.ReadAllBytes(_folder["s2.dcm"]);
        // The header is cut after the description and the UID of the series.
        var kept = inHeader ? bytes.AsSpan().LastIndexOf("1.2.3\0"u8) + 10 : bytes.Length - 4;
        File.WriteAllBytes(_folder["s2.dcm"], bytes[..kept]);
        AssertBroken("is damaged", "s2.dcm", words);
    }

    [Test]
    public void Slices_of_one_height_are_refused()
    {
        Write(new DicomSlice().Stack(3, 2, (slice, i) => slice with { Position = [-10 + (40 * i), -20, 30] }));
        AssertBroken("are all at one height", "s0.dcm");
    }

    [Test]
    public void Folder_that_is_missing_or_holds_nothing_is_named()
    {
        Assert.That(
            () => DicomSeries.Find(_folder["none"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("does not exist"));
        Assert.That(DicomSeries.Find(_folder.Path), Is.Empty);
        Assert.That(
            () => VolumeFile.ReadHeader(Path.Combine(_folder.Path, "series=1.2.3")),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("does not exist"));
    }

    [Test]
    public void Links_to_folders_are_not_followed()
    {
        Write(new DicomSlice().Stack(2, 2));
        Directory.CreateSymbolicLink(_folder["loop"], _folder.Path);
        Assert.That(Only().Files, Has.Count.EqualTo(2));
    }
}
