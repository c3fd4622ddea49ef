using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.Bundles;
using MkdSeg.Phantom;

namespace MkdSeg.Service.Tests;

/// <summary>A phantom CT, and what the folder scorer, which the command line uses, makes of it.</summary>
[SetUpFixture]
public sealed class PhantomScan
{
    private static TemporaryFolder _folder = null!;

    public static byte[] Nifti { get; private set; } = [];

    public static ScoringSummary Scored { get; private set; } = null!;

    public static string ScoredFolder => _folder["scored"];

    [OneTimeSetUp]
    public void Make()
    {
        _folder = new();
        var manifest = PhantomDataset.Write(_folder["data"], new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = 1 });
        Nifti = File.ReadAllBytes(manifest.ImagePath(manifest.Cases.Single()));
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllBytes(_folder["in", "volume.nii.gz"], Nifti);
        var scorer = new FolderScorer(ModelBundle.Load(Repository.File("onnx/phantom-ct")), new()
        {
            Formats = MaskFormats.Nifti | MaskFormats.SegNrrd, Inference = new() { Device = "cpu", Threads = 1 },
        });
        Scored = scorer.Score(_folder["in"], ScoredFolder);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    /// <summary>The scan as files of a DICOM series.</summary>
    public static IReadOnlyList<byte[]> ToDicom() =>
        [.. DicomScan.Slices(VolumeFile.ReadIntensities(_folder["in", "volume.nii.gz"])).Select(slice => slice.ToBytes())];
}
