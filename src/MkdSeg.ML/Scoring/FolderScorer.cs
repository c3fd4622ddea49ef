using System.Diagnostics;
using MkdSeg.Bundles;
using MkdSeg.IO;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Scores volumes with a model bundle: writes masks in each volume's own geometry and a table of all cases. A failed case is
/// one row and does not stop the rest. Cases that an earlier run finished with the same input, model and settings are kept.
/// </summary>
/// <remarks>
/// While the networks run on one volume, the next is read and prepared and the previous one is written; this needs the memory
/// of two volumes, however many there are.
/// </remarks>
public sealed class FolderScorer
{
    private static readonly TimeSpan ResultsEvery = TimeSpan.FromSeconds(5);
    private readonly HeartSegmenter _segmenter;
    private readonly ModelBundle _bundle;
    private readonly string _modelSha256;
    private readonly ScoringSettings _settings;
    private readonly ScoringOptions _options;

    /// <summary>Loads the bundle's networks.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">Crop rule, files to write, device.</param>
    /// <exception cref="UserErrorException">The bundle is damaged, has no segmentor, or the device is not available.</exception>
    public FolderScorer(ModelBundle bundle, ScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        _options = options ?? new();
        if (_options.Formats == 0)
            throw new UserErrorException($"The mask formats are '{_options.Formats}'; at least one is needed.");
        _segmenter = new(bundle, new()
        {
            Crop = _options.Crop,
            LargestComponentsOnly = _options.CleanUp,
            FillHolesUpToMl = _options.CleanUp ? _options.FillHolesUpToMl : 0,
            KeepProbabilities = _options.Probabilities,
            Inference = _options.Inference,
        });
        (_bundle, _modelSha256) = (bundle, bundle.ComputeHash());
        _settings = new(
            _segmenter.Crop,
            _options.Formats,
            _options.SegmentorMasks,
            _options.Probabilities,
            _options.CleanUp,
            _options.CleanUp ? _options.FillHolesUpToMl : 0);
    }

    /// <summary>The crop rule in use.</summary>
    public CropRule Crop => _segmenter.Crop;

    /// <summary>The model's modality, such as "ct".</summary>
    internal string Modality => _bundle.Modality;

    /// <summary>The file formats of masks.</summary>
    internal MaskFormats Formats => _options.Formats;

    /// <summary>
    /// Scores all volumes and DICOM series in a folder and its subfolders. Files named as annotations and series that are not
    /// scans or have another modality are left out, with the reason in the results. The crop rule Label uses the annotation
    /// next to each volume, matched by <see cref="VolumeListing.CaseName"/>.
    /// </summary>
    /// <param name="input">
    /// The folder with the volumes, which may contain the output folder; or one file, any file for a DICOM series.
    /// </param>
    /// <param name="outputFolder">Where masks, results.csv and results.json are written.</param>
    /// <param name="progress">Receives every stage and every finished case.</param>
    /// <param name="cancellation">Abandons the cases in progress; none of their files are written.</param>
    /// <exception cref="UserErrorException">
    /// The input is missing or empty, the output cannot be written or is in use by another process, or the crop rule is
    /// Label and there is no annotation.
    /// </exception>
    public ScoringSummary Score(
        string input,
        string outputFolder,
        IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        var isFile = File.Exists(input);
        var folder = isFile ? Path.GetDirectoryName(Path.GetFullPath(input))! : input;
        IReadOnlyList<ScoringCase> cases =
        [
            .. VolumeListing.FindTree(folder, except: outputFolder)
                .Select(found => ScoringCase.FromListed(found, _bundle.Modality)),
        ];
        if (Crop == CropRule.Label)
            cases = ScoringCase.WithAnnotations(cases, folder);
        if (isFile)
            cases = [.. cases.Where(item => item.IsFile(input))];
        return cases.Count > 0
            ? Score(cases, outputFolder, progress, cancellation)
            : throw new UserErrorException($"The file {input} is not a volume; use NIfTI, NRRD, MetaImage or DICOM.");
    }

    /// <summary>Scores cases.</summary>
    /// <param name="cases">The cases, in the order of the results.</param>
    /// <param name="outputFolder">Where masks, results.csv and results.json are written.</param>
    /// <param name="progress">Receives every stage and every finished case.</param>
    /// <param name="cancellation">Abandons the cases in progress; none of their files are written.</param>
    /// <exception cref="UserErrorException">The output folder cannot be written or is in use by another process.</exception>
    public ScoringSummary Score(
        IReadOnlyList<ScoringCase> cases,
        string outputFolder,
        IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellation = default) => Score(cases, [], outputFolder, progress, cancellation);

    /// <summary>Returns whether this model scored a case successfully with these settings and its files still exist.</summary>
    /// <param name="result">Its row.</param>
    /// <param name="outputFolder">Where its files are.</param>
    internal bool IsFinished(CaseResult result, string outputFolder) => result.Status == CaseStatus.LeftOut
        || (!_options.Force && result.Sha256 is { } sha256
            && new CaseRecords(outputFolder, _modelSha256, _settings).Find(result.Case, sha256) is not null);

    /// <summary>Scores cases into a folder that already has results of other cases.</summary>
    /// <param name="cases">The cases, in the order of the results.</param>
    /// <param name="others">Rows of the other cases, which come first in the results.</param>
    /// <param name="outputFolder">Where masks, results.csv and results.json are written.</param>
    /// <param name="progress">Receives every stage and every finished case.</param>
    /// <param name="cancellation">Abandons the cases in progress; none of their files are written.</param>
    /// <exception cref="UserErrorException">The output folder cannot be written or is in use by another process.</exception>
    internal ScoringSummary Score(
        IReadOnlyList<ScoringCase> cases,
        IReadOnlyList<CaseResult> others,
        string outputFolder,
        IProgress<ScoringProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        using var held = CaseRecords.Lock(outputFolder, cases, _options.Shard);
        var works = ToWorks(cases);
        var (done, total) = (0, works.Count(work => !work.IsOver));
        var results = new List<CaseResult>();
        var (kept, abandoned) = (0, false);
        var csv = ResultsFiles.CsvPath(outputFolder, _options.Shard);
        var sinceWritten = Stopwatch.StartNew();
        var gate = new Lock();
        var records = new CaseRecords(outputFolder, _modelSha256, _settings);
        using var scorer = new CaseScorer(
            _bundle,
            _segmenter,
            _options,
            outputFolder,
            _modelSha256,
            records,
            (work, stage) => Report(work, stage),
            cancellation);
        if (_options.Shard is null)
            records.DeleteTemporaryFiles();
        Conveyor.Run(works, scorer.Prepare, (work, _) => scorer.Segment(work), (work, _) =>
        {
            scorer.Write(work);
            Take(work);
        });
        var isCancelled = abandoned || (cancellation.IsCancellationRequested && results.Count < works.Count);
        ResultsFiles.Write(csv, Document(isComplete: !isCancelled));
        return new(results, isCancelled, csv) { KeptCount = kept, RemainingCount = works.Count - results.Count };

        void Take(CaseWork work)
        {
            abandoned |= work.IsAbandoned;
            if (work.Result is not { } result)
                return;
            results.Add(result);
            kept += work.IsKept ? 1 : 0;
            if (sinceWritten.Elapsed > ResultsEvery)
            {
                TryWriteResults();
                sinceWritten.Restart();
            }

            if (result.Status != CaseStatus.LeftOut)
                Report(work, null);
        }

        void Report(CaseWork work, ScoringStage? stage)
        {
            lock (gate)
            {
                done += stage is null ? 1 : 0;
                progress?.Report(new(done, total, work.Case.Name, stage, stage is null ? work.Result : null));
            }
        }

        // Interim results are only informative; failing to write the final ones is an error.
        void TryWriteResults()
        {
            try
            {
                ResultsFiles.Write(csv, Document(isComplete: false));
            }
            catch (UserErrorException)
            {
                // A disk that is full now may have room at the end.
            }
        }

        ResultsDocument Document(bool isComplete) => new()
        {
            IsComplete = isComplete,
            Versions = ResultsDocument.CurrentVersions(),
            Model = _bundle.Name,
            ModelSha256 = _modelSha256,
            Settings = _settings,
            Device = _segmenter.Device,
            Threads = _options.Inference.Threads,
            Part = _options.Shard?.ToString(),
            Structures = [.. _segmenter.Labels.Structures.Select(structure => structure.Name)],
            Cases = [.. others, .. results],
        };
    }

    // Cases that need no scoring are over from the start.
    private List<CaseWork> ToWorks(IReadOnlyList<ScoringCase> cases)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var works = new List<CaseWork>();
        for (var i = 0; i < cases.Count; i++)
        {
            var work = new CaseWork(cases[i]);
            if (cases[i].LeftOutReason is { } reason)
                work.LeaveOut(reason);
            else if (!taken.Add(cases[i].Name))
                work.Fail($"Another volume named {cases[i].Name} has already been scored; rename one of the files.");
            if (_options.Shard?.Has(i) != false)
                works.Add(work);
        }

        return works;
    }
}
