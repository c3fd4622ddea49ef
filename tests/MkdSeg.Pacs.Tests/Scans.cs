using MkdSeg.Bundles;
using MkdSeg.IO.Dicom;
using MkdSeg.ML.Scoring;
using MkdSeg.Preprocessing;

namespace MkdSeg.Pacs.Tests;

/// <summary>A small series, and the shipped model with its networks loaded once.</summary>
internal static class Scans
{
    private static readonly Lazy<FolderScorer> Loaded = new(() => new(ModelBundle.Load(Repository.File("onnx/phantom-ct")), new()
    {
        Crop = CropRule.Whole, Formats = MaskFormats.DicomSeg, Inference = new() { Device = "cpu", Threads = 1 },
    }));

    public static FolderScorer Scorer => Loaded.Value;

    /// <summary>A ball in a ball as a CT of 24 slices.</summary>
    public static IReadOnlyList<DicomSlice> Ct(string series) =>
        DicomScan.Slices(TestVolumes.Image(TestVolumes.Grid()), new() { SeriesUid = series, Description = $"Ball {series}" });

    /// <summary>An element of a file.</summary>
    public static string Text(string file, uint tag) => DicomParser.Read(file)!.Images.First().Text(tag);
}
