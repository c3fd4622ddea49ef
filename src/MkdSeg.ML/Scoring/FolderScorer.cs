using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using MkdSeg.Bundles;
using MkdSeg.Labels;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Data;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;
using MkdSeg.Volumes.IO;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Scores volumes with a model bundle through its ML.NET pipeline: for each case one label file in the volume's own
/// geometry, and a table of all cases. A case that fails is one row and does not stop the rest.
/// </summary>
/// <remarks>Volumes are scored one after the other; memory is that of one case, whatever their number.</remarks>
public sealed class FolderScorer
{
    private const string MaskSuffix = ".nii.gz";
    private readonly MLContext _context = new();
    private readonly ITransformer _model;
    private readonly LabelSet _labels;
    private readonly string[] _roles;
    private readonly string _modality;
    private readonly ScoringOptions _options;

    /// <summary>Makes the bundle's pipeline ready.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">Crop rule, masks to write, device.</param>
    /// <exception cref="UserErrorException">The bundle is damaged, has no segmentor, or the device is not there.</exception>
    public FolderScorer(ModelBundle bundle, ScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        _options = options ?? new();
        ExecutionDevice.Require(_options.Inference);
        _labels = bundle.LabelSet;
        _modality = bundle.Modality;
        _roles = [.. bundle.Segmentors.Select(segmentor => segmentor.Role)];
        var segmentation = new SegmentationOptions { Crop = _options.Crop, Inference = _options.Inference };
        Crop = SegmentationPipeline.EffectiveCrop(bundle, segmentation);
        IEstimator<ITransformer> pipeline = _context.Segmentation().CreatePipeline(bundle, segmentation);
        if (Crop == CropRule.Label)
        {
            pipeline = _context.Transforms
                .LoadLabels(SegmentationColumns.Label, nameof(Row.LabelPath), _labels)
                .Append(pipeline);
        }

        _model = pipeline.Fit(_context.Data.LoadFromEnumerable(Array.Empty<Row>()));
    }

    /// <summary>The crop rule in use.</summary>
    public CropRule Crop { get; }

    /// <summary>
    /// Scores all volumes and DICOM series of a folder and its subfolders. Files named as annotations, and series that are
    /// no scan or of another modality, are left out and say so in the results.
    /// </summary>
    /// <param name="inputFolder">The folder with the volumes; the output folder may lie in it.</param>
    /// <param name="outputFolder">Where masks and results.csv go.</param>
    /// <param name="progress">Told of every stage and every finished case.</param>
    /// <param name="cancellation">Abandons the case at hand; nothing of it is written.</param>
    /// <exception cref="UserErrorException">The input folder is missing or empty, or the output cannot be written.</exception>
    public ScoringSummary Score(
        string inputFolder,
        string outputFolder,
        IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Score(
            [
                .. VolumeListing.FindTree(inputFolder, except: outputFolder)
                    .Select(found => ScoringCase.FromListed(found, _modality)),
            ],
            outputFolder,
            progress,
            cancellation);

    /// <summary>Scores cases.</summary>
    /// <param name="cases">The cases, in the order of the results.</param>
    /// <param name="outputFolder">Where masks and results.csv go.</param>
    /// <param name="progress">Told of every stage and every finished case.</param>
    /// <param name="cancellation">Abandons the case at hand; nothing of it is written.</param>
    /// <exception cref="UserErrorException">Two cases have one name, or the output folder cannot be written.</exception>
    public ScoringSummary Score(
        IReadOnlyList<ScoringCase> cases,
        string outputFolder,
        IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        CheckFolders(cases, outputFolder);
        var resultsFile = Path.Combine(outputFolder, ResultsFile.Name);
        var results = new List<CaseResult>();
        var leftOut = LeaveOut(cases);
        var (done, total) = (0, leftOut.Count(result => result is null));
        WriteResults();
        for (var i = 0; i < cases.Count; i++)
        {
            var item = cases[i];
            if (leftOut[i] is { } known)
            {
                results.Add(known);
                WriteResults();
                continue;
            }

            CaseResult result;
            try
            {
                cancellation.ThrowIfCancellationRequested();
                result = ScoreCase(
                    item,
                    outputFolder,
                    stage => progress?.Report(new(done, total, item.Name, stage, null)),
                    cancellation);
            }
            catch (OperationCanceledException)
            {
                return new(results, IsCancelled: true, resultsFile);
            }

            results.Add(result);
            WriteResults();
            progress?.Report(new(++done, total, item.Name, null, result));
        }

        return new(results, IsCancelled: false, resultsFile);

        void WriteResults()
        {
            try
            {
                ResultsFile.Write(resultsFile, _labels, results);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException(
                    $"{resultsFile} cannot be written: {error.Message} Free space or choose another output folder.",
                    error);
            }
        }
    }

    // The rows of cases that need no scoring, null for the others.
    private static CaseResult?[] LeaveOut(IReadOnlyList<ScoringCase> cases)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. cases.Select(item => item.LeftOutReason is { } reason
                ? Row(item, CaseStatus.LeftOut, reason)
                : taken.Add(item.Name)
                    ? null
                    : Row(
                        item,
                        CaseStatus.Failed,
                        $"Another volume of the name {item.Name} was scored before; rename one of the files.")),
        ];

        static CaseResult Row(ScoringCase item, CaseStatus status, string reason) => new()
        {
            Case = item, Status = status, Reason = reason, Seconds = new Dictionary<ScoringStage, double>(),
        };
    }

    // Not inlined, so that the case's volumes are garbage when the next one is read.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CaseResult ScoreCase(
        ScoringCase item, string outputFolder, Action<ScoringStage> report, CancellationToken cancellation)
    {
        var seconds = new Dictionary<ScoringStage, double>();
        try
        {
            if (Crop == CropRule.Label && item.LabelPath is null)
            {
                throw new UserErrorException(
                    $"{item.Name} has no annotation, which the crop rule Label needs; use the crop rule Located.");
            }

            var volumes = Run(item, outputFolder, seconds, report, cancellation);
            return new() { Case = item, Status = CaseStatus.Ok, VolumesMl = volumes, Seconds = seconds };
        }
        catch (OperationCanceledException)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever is wrong with a case, the others must not suffer.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new()
            {
                Case = item,
                Status = CaseStatus.Failed,
                Reason = Sentence(error),
                Seconds = seconds,
            };
        }
    }

    private double[] Run(
        ScoringCase item,
        string outputFolder,
        Dictionary<ScoringStage, double> seconds,
        Action<ScoringStage> report,
        CancellationToken cancellation)
    {
        var cases = _context.Data.LoadFromEnumerable(
            new[] { new Row { Path = item.Path, Name = item.Name, LabelPath = item.LabelPath ?? "" } });
        using var source = cases.GetRowCursor(cases.Schema);
        source.MoveNext();
        // A row rather than a cursor over transformed data: ML.NET may run cursors ahead in threads of its own, which
        // would compute all columns at once.
        var mapper = _model.GetRowToRowMapper(cases.Schema);
        var schema = mapper.OutputSchema;
        using var row = mapper.GetRow(source, schema.Where(column => !column.IsHidden));

        // A column is computed when it is asked for and then kept, so asking in order gives the time of each stage.
        Timed(ScoringStage.Read, () => Get<Volume<float>>(SegmentationColumns.Volume));
        if (schema.GetColumnOrNull(SegmentationColumns.HeartBox) is not null)
            Timed(ScoringStage.Locate, () => Get<HeartBox>(SegmentationColumns.HeartBox));
        Timed(ScoringStage.Prepare, () => Get<Volume<float>>(SegmentationColumns.Prepared));
        Timed(ScoringStage.Segment, () => Get<Segmentation>(SegmentationColumns.Segmentation));
        var masks = Timed(ScoringStage.Restore, () =>
        {
            var all = new List<(string Folder, Volume<byte> Mask)>
            {
                (outputFolder, Get<Volume<byte>>(SegmentationColumns.Mask)),
            };
            if (_options.SegmentorMasks)
            {
                all.AddRange(_roles.Select(role =>
                    (Path.Combine(outputFolder, role), Get<Volume<byte>>(SegmentationColumns.MaskOf(role)))));
            }

            return all;
        });
        Timed(ScoringStage.Write, () =>
        {
            // The ensemble's mask comes last: where it is, the case is complete.
            foreach (var (folder, mask) in masks.AsEnumerable().Reverse())
                VolumeFile.Write(_labels.ToValues(mask), Path.Combine(folder, item.Name + MaskSuffix));
            return true;
        });
        return StructureVolumes.InMl(masks[0].Mask, _labels.ClassCount);

        T Get<T>(string name)
        {
            T value = default!;
            row.GetGetter<T>(schema[name])(ref value);
            return value;
        }

        T Timed<T>(ScoringStage stage, Func<T> work)
        {
            cancellation.ThrowIfCancellationRequested();
            report(stage);
            var watch = Stopwatch.StartNew();
            try
            {
                return work();
            }
            finally
            {
                seconds[stage] = watch.Elapsed.TotalSeconds;
            }
        }
    }

    // ML.NET wraps what a step throws.
    private static string Sentence(Exception error)
    {
        var innermost = error.GetBaseException();
        return UserErrorException.SentenceWithin(error) ?? $"{innermost.GetType().Name}: {innermost.Message}";
    }

    private static void CheckFolders(IReadOnlyList<ScoringCase> cases, string outputFolder)
    {
        var full = Path.GetFullPath(outputFolder);
        if (cases.Any(item => Path.GetDirectoryName(Path.GetFullPath(item.Path)) == full))
        {
            throw new UserErrorException(
                $"The output folder {outputFolder} holds input volumes, which masks of the same name would replace; choose "
                + "another output folder.");
        }

        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The output folder {outputFolder} cannot be made: {error.Message} Choose another one.", error);
        }
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";

        public string Name { get; set; } = "";

        public string LabelPath { get; set; } = "";
    }
}
