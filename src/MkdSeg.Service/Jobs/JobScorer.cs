using MkdSeg.Bundles;

namespace MkdSeg.Service.Jobs;

/// <summary>Applies the model, loaded once, to the files of a job.</summary>
internal sealed class JobScorer
{
    // As many as a whole body at half a millimetre; a header that declares more is a mistake or an attack.
    private const long MostVoxels = 1L << 30;

    // In the order of the page's buttons.
    private static readonly (string Format, string Suffix)[] Masks =
        [("nifti", ".nii.gz"), ("seg.nrrd", ".seg.nrrd"), ("seg", ".seg.dcm")];

    private readonly FolderScorer _files;
    private readonly FolderScorer _series;

    public JobScorer(ServiceOptions options)
    {
        Bundle = ModelBundle.Load(options.Model);
        const MaskFormats formats = MaskFormats.Nifti | MaskFormats.SegNrrd;
        var scoring = new ScoringOptions { Formats = formats, Inference = options.Inference };
        // Both share the networks.
        (_files, _series) = (new(Bundle, scoring), new(Bundle, scoring with { Formats = formats | MaskFormats.DicomSeg }));
    }

    public ModelBundle Bundle { get; }

    /// <summary>The mask file of a case; null for an unknown format.</summary>
    public static string? MaskFile(Job job, string @case, string format) =>
        Masks.FirstOrDefault(mask => mask.Format == format).Suffix is { } suffix
            ? Path.Combine(job.OutputFolder, @case + suffix)
            : null;

    /// <summary>The scans among a job's files.</summary>
    public IReadOnlyList<ScoringCase> Cases(Job job) =>
        [.. VolumeListing.FindTree(job.InputFolder).Select(found => ScoringCase.FromListed(found, Bundle.Modality))];

    /// <summary>Refuses files without a volume to segment.</summary>
    /// <exception cref="UserErrorException">There is none, or its header is damaged or declares too many voxels.</exception>
    public void RequireVolume(Job job)
    {
        var cases = Cases(job);
        if (cases.All(item => item.LeftOutReason is not null))
            throw new UserErrorException(cases[0].LeftOutReason!);
        foreach (var item in cases.Where(item => item.LeftOutReason is null && item.Problem is null))
            Check(job, item);
    }

    /// <summary>Segments a job's volumes; null if it was stopped.</summary>
    public IReadOnlyList<JobCase>? Score(Job job, IProgress<ScoringProgress> progress, CancellationToken cancellation)
    {
        var cases = Cases(job);
        var scorer = cases.Any(item => item.SeriesFiles.Count > 0) ? _series : _files;
        var summary = scorer.Score(cases, job.OutputFolder, progress, cancellation);
        if (summary.IsCancelled)
            return null;
        foreach (var table in new[] { summary.ResultsFile, ResultsFiles.JsonPath(summary.ResultsFile) })
            AtomicFile.WriteText(table, WithoutPaths(job, File.ReadAllText(table)));
        return [.. summary.Cases.Select(result => ToCase(job, result))];
    }

    /// <summary>Removes the paths of the job's files on this machine from a text.</summary>
    public static string WithoutPaths(Job job, string text) => text
        .Replace(job.InputFolder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(job.InputFolder, "the upload", StringComparison.Ordinal);

    private static void Check(Job job, ScoringCase item)
    {
        var header = VolumeFile.ReadHeader(item.Path);
        if (header.Grid.Size.VoxelCount > MostVoxels)
            throw new UserErrorException($"{item.Name} has {header.Grid.Size} voxels, which is more than this service accepts.");
        // Headers name their voxel files, and could name any file on this machine.
        if (VolumeFile.FilesOf(item.Path).Any(file => !Path.GetFullPath(file).StartsWith(
            job.InputFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            throw new UserErrorException($"{item.Name} names voxels outside the upload; upload header and voxels together.");
        }
    }

    private static JobCase ToCase(Job job, CaseResult result) => new()
    {
        Name = result.Case.Name,
        Status = result.Status,
        Reason = WithoutPaths(job, result.Reason),
        Warnings = [.. result.Warnings.Select(warning => WithoutPaths(job, warning))],
        Structures = result.Structures,
        ExtentMm = result.ExtentMm,
        Heart = result.Heart,
        Agreement = result.Agreement,
        Formats = [.. Masks.Select(mask => mask.Format).Where(format => File.Exists(MaskFile(job, result.Case.Name, format)))],
    };
}
