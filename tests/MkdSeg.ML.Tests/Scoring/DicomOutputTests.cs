using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Scoring;

/// <summary>DICOM objects of a case, and what a case says that can have none.</summary>
public class DicomOutputTests
{
    private static readonly ScoringOptions Whole = new()
    {
        Crop = CropRule.Whole, Inference = new() { Device = "cpu", Threads = 1 },
    };

    private readonly TemporaryFolder _folder = new();
    private ModelBundle _bundle = null!;

    [OneTimeSetUp]
    public void MakeCases()
    {
        _bundle = TestNetworks.WriteBundle(_folder["bundle"]);
        var grid = TestVolumes.Grid();
        var image = TestVolumes.Image(grid);
        VolumeFile.Write(image, _folder["nifti/ct.nii.gz"]);
        WriteSeries("series", "1.2.3.4");
        WriteSeries("partial", "");

        void WriteSeries(string folder, string frameOfReference)
        {
            var slice = new DicomSlice
            {
                Columns = grid.Size.X,
                Rows = grid.Size.Y,
                Spacing = (grid.SpacingMm.X, grid.SpacingMm.Y),
                Position = [grid.OriginMm.X, grid.OriginMm.Y, grid.OriginMm.Z],
                Extra = new Dictionary<uint, string>
                {
                    [0x00200052] = frameOfReference, [0x00101020] = "1.80", [0x00101030] = "80",
                },
            };
            foreach (var (one, z) in slice.Stack(grid.Size.Z, grid.SpacingMm.Z).Select((one, z) => (one, z)))
                (one with { Value = (x, y) => (short)(image[x, y, z] + 1024) }).Write(_folder[folder, $"{(z * 7) % 24}.dcm"]);
        }
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_series_becomes_a_segmentation_object_of_the_same_mask()
    {
        var result = Score("series", Whole with { Formats = MaskFormats.DicomSeg | MaskFormats.Nifti, SegmentorMasks = true });
        Assert.That(result.Warnings, Is.Empty);
        foreach (var folder in new[] { "", "S_real", "S_syn" })
        {
            var mask = TestNetworks.Labels.ToClasses(VolumeFile.ReadLabels(_folder["out", folder, result.Case.Name + ".nii.gz"]), "mask");
            // One bit a voxel, structure by structure, at the end of the file.
            var file = File.ReadAllBytes(_folder["out", folder, result.Case.Name + ".seg.dcm"]);
            var bits = new System.Collections.BitArray(file[^(2 * mask.Voxels.Length / 8)..]).Cast<bool>();
            Assert.That(bits, Is.EqualTo(mask.Voxels.Select(v => v == 1).Concat(mask.Voxels.Select(v => v == 2))).AsCollection);
        }

        var again = Score("series", Whole with { Formats = MaskFormats.DicomSeg | MaskFormats.Nifti, SegmentorMasks = true });
        Assert.That(again.Seconds, Is.EqualTo(result.Seconds), "the case is finished");
    }

    [Test]
    public void A_segmentation_object_is_no_volume_to_score()
    {
        Score("series", Whole with { Formats = MaskFormats.DicomSeg }, "alone");
        Assert.That(Directory.EnumerateFiles(_folder["alone"], "*.nii.gz"), Is.Empty);
        var summary = new FolderScorer(_bundle, Whole).Score(_folder["alone"], _folder["none"]);
        Assert.That(summary.Cases.Single().Reason, Does.Contain("of the modality SEG"));
    }

    [Test]
    public void What_cannot_be_a_dicom_object_is_nifti_and_says_why()
    {
        // Of an earlier run, when the series was complete.
        var name = Score("partial", Whole, "named").Case.Name;
        Directory.CreateDirectory(_folder["bad", name + ".overlay"]);
        File.WriteAllText(_folder["bad", name + ".seg.dcm"], "of another mask");
        var partial = Score("partial", Whole with { Formats = MaskFormats.DicomSeg }, "bad");
        var nifti = Score("nifti", Whole with { Formats = MaskFormats.DicomSeg }, "bad");
        Assert.Multiple(() =>
        {
            Assert.That(partial.Warnings, Has.One.Contains("lacks the Frame of Reference UID (0020,0052); export the original series."));
            Assert.That(nifti.Warnings, Has.One.Contains("ct.nii.gz' is not a DICOM series, so no DICOM object can be created"));
            Assert.That(_folder["bad", name + ".overlay"], Does.Not.Exist);
            foreach (var written in new[] { name, nifti.Case.Name })
            {
                Assert.That(_folder["bad", written + ".nii.gz"], Does.Exist);
                Assert.That(_folder["bad", written + ".seg.dcm"], Does.Not.Exist);
            }
        });
    }

    [Test]
    public void An_overlay_has_a_page_and_every_slice_with_a_structure()
    {
        var result = Score("series", Whole with { Formats = MaskFormats.Nifti | MaskFormats.Overlay }, "pictures");
        var mask = VolumeFile.ReadLabels(_folder["pictures", result.Case.Name + ".nii.gz"]);
        var slices = Enumerable.Range(0, mask.Grid.Size.Z).Count(z => mask.Slice(z).ContainsAnyExcept((ushort)0));
        var pictures = Directory.GetFiles(_folder["pictures", result.Case.Name + ".overlay"]);
        Assert.That(slices, Is.GreaterThan(5));
        Assert.That(pictures, Has.Length.EqualTo(slices + 1));
        Assert.That(Directory.EnumerateFiles(_folder["pictures"], "*.dcm"), Is.Empty);
        File.Delete(pictures[2]);
        Score("series", Whole with { Formats = MaskFormats.Nifti | MaskFormats.Overlay }, "pictures");
        Assert.That(pictures[2], Does.Exist, "a case is finished when all its files are there");
        Score("nifti", Whole with { Formats = MaskFormats.Overlay }, "no-pictures");
        Assert.That(_folder["no-pictures/ct.nii.gz"], Does.Exist);
    }

    [Test]
    public void Measures_reach_the_results_and_are_indexed_by_the_body_surface()
    {
        var core = Score("series", Whole, "measured").Structures[1];
        var table = CsvTable.Load(_folder["measured/results.csv"]);
        double Number(string column) => table.Number(table.Rows[0], column);
        double[] Numbers(string column) =>
            [.. table.Field(table.Rows[0], column).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Multiple(() =>
        {
            // √(180 cm · 80 kg / 3600)
            Assert.That(Number("body_surface_m2"), Is.EqualTo(2));
            Assert.That(Number("core_ml_per_m2"), Is.EqualTo(core.VolumeMl / 2).Within(1e-3));
            Assert.That(table.Field(table.Rows[0], "core_is_cut"), Is.EqualTo("no"));
            Assert.That(Number("core_hu_median"), Is.EqualTo(core.Hounsfield!.Median));
            Assert.That(Numbers("core_centroid_mm"), Is.EqualTo((double[])
                [TestVolumes.HeartMm.X, TestVolumes.HeartMm.Y, TestVolumes.HeartMm.Z]).Within(2));
            Assert.That(Numbers("core_box_mm")[3] - Numbers("core_box_mm")[0], Is.EqualTo(core.ExtentMm!.LeftRight).Within(1e-3));
        });
    }

    private CaseResult Score(string input, ScoringOptions options, string output = "out") =>
        new FolderScorer(_bundle, options).Score(_folder[input], _folder[output]).Cases.Single();
}
