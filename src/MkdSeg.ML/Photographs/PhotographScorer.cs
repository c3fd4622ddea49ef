using MkdSeg.Bundles;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Photographs;

/// <summary>Labels a folder's photographs as PNG files of label values; a failed one is a row of the results.</summary>
internal sealed class PhotographScorer : IDisposable
{
    internal static readonly ScoringStage[] Stages =
        [ScoringStage.Hash, ScoringStage.Read, ScoringStage.Segment, ScoringStage.Write];

    private readonly ModelBundle _bundle;
    private readonly InferenceOptions _inference;
    private readonly int _side;
    private readonly byte[] _valueOfClass;
    private readonly PhotographSegmenter _segmenter;

    /// <summary>Loads the segmentors; rejects bundles for volumes and label values above 255.</summary>
    public PhotographScorer(ModelBundle bundle, InferenceOptions? inference = null)
    {
        _bundle = bundle;
        _inference = inference ?? InferenceOptions.Default;
        _side = bundle.PhotographSide ?? throw new UserErrorException(
            $"The bundle {bundle.Name} takes volumes of {bundle.Modality}, not photographs.");
        var beyond = bundle.Labels.FirstOrDefault(structure => structure.Value > byte.MaxValue);
        if (beyond is not null)
        {
            throw new UserErrorException(
                $"The bundle {bundle.Name} has the label value {beyond.Value} for {beyond.Name}; a label image stores "
                + "values up to 255.");
        }

        _valueOfClass = [0, .. bundle.LabelSet.Structures.Select(structure => (byte)structure.Value)];
        _segmenter = new(bundle, _inference);
    }

    /// <summary>Returns class indices as one slice of the photograph's size; the photograph's slices are its channels.</summary>
    public Volume<byte> Segment(Volume<float> photograph, CancellationToken cancellation = default)
    {
        var size = photograph.Grid.Size;
        var (width, height) = PhotographScaling.Fit(size, _side, _segmenter.SizeMultiple);
        var probabilities = _segmenter.Segment(PhotographScaling.Resize(photograph, width, height), cancellation);
        return PhotographScaling.Resize(probabilities.ArgMax(), size.X, size.Y);
    }

    /// <summary>Labels every PNG of a folder and its subfolders; results have the same relative paths.</summary>
    public ScoringSummary Score(
        string inputFolder,
        string outputFolder,
        IProgress<ScoringProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var cases = Find(inputFolder, outputFolder);
        using var held = CaseRecords.Lock(outputFolder, cases, shard: null);
        var modelSha256 = _bundle.ComputeHash();
        var results = new List<CaseResult>(cases.Count);
        foreach (var item in cases)
        {
            using var work = new CaseWork(item);
            Score(work, outputFolder, stage => progress?.Report(new(results.Count, cases.Count, item.Name, stage, null)),
                cancellation);
            if (work.Result is not { } result)
                break;
            results.Add(result);
            progress?.Report(new(results.Count, cases.Count, item.Name, null, result));
        }

        var isCancelled = results.Count < cases.Count;
        var csv = ResultsFiles.CsvPath(outputFolder, shard: null);
        ResultsFiles.Write(csv, new()
        {
            IsComplete = !isCancelled,
            Versions = ResultsDocument.CurrentVersions(),
            Model = _bundle.Name,
            ModelSha256 = modelSha256,
            Device = _segmenter.Device,
            Threads = _inference.Threads,
            Structures = [],
            Cases = results,
        });
        return new(results, isCancelled, csv) { RemainingCount = cases.Count - results.Count };
    }

    public void Dispose() => _segmenter.Dispose();

    private static List<ScoringCase> Find(string inputFolder, string outputFolder)
    {
        if (!Directory.Exists(inputFolder))
            throw new UserErrorException($"The folder {inputFolder} does not exist; check the path.");
        var output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder)) + Path.DirectorySeparatorChar;
        // An output folder that is also the input folder is rejected because of the photographs in it.
        var isWithin = Path.GetFullPath(inputFolder) + Path.DirectorySeparatorChar != output;
        var cases = Directory.EnumerateFiles(inputFolder, "*.png", SearchOption.AllDirectories)
            .Where(path => !isWithin || !Path.GetFullPath(path).StartsWith(output, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new ScoringCase(Path.GetRelativePath(inputFolder, path), path))
            .ToList();
        return cases.Count > 0
            ? cases
            : throw new UserErrorException($"The folder {inputFolder} contains no PNG files; photographs must be PNG files.");
    }

    private void Score(CaseWork work, string outputFolder, Action<ScoringStage> report, CancellationToken cancellation)
    {
        var path = work.Case.Path;
        work.Guard(() =>
        {
            work.Sha256 = Timed(ScoringStage.Hash, () => CaseRecords.HashOf(path, [path]));
            var photograph = Timed(ScoringStage.Read, () => PhotographFile.Read(path, _bundle.Channels));
            var labels = Timed(ScoringStage.Segment, () => Segment(photograph, cancellation));
            foreach (ref var pixel in labels.Voxels.AsSpan())
                pixel = _valueOfClass[pixel];
            Timed<object?>(ScoringStage.Write, () =>
            {
                PhotographFile.WriteLabels(labels, Path.Combine(outputFolder, work.Case.Name));
                return null;
            });
            work.Finish(row => row);
        });

        T Timed<T>(ScoringStage stage, Func<T> part)
        {
            cancellation.ThrowIfCancellationRequested();
            report(stage);
            return work.Timed(stage, part);
        }
    }
}
