using MkdSeg.Preprocessing;
using MkdSeg.Reports.Pictures;
using MkdSeg.Reports.Reading;

namespace MkdSeg.Reports;

/// <summary>Builds a report from the contents of the folders.</summary>
internal sealed class ReportBuilder
{
    private readonly ReportOptions _options;
    private readonly ReportSources _sources;
    private readonly MaskSet? _masks;
    private readonly IReadOnlyList<ScoredCase> _cases;
    private readonly IProgress<WorkEvent>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<string> _leftOut = [];

    private ReportBuilder(ReportOptions options, IProgress<WorkEvent>? progress, CancellationToken cancellation)
    {
        (_options, _progress, _cancellation) = (options, progress, cancellation);
        _sources = ReportSources.Find(options);
        _masks = MaskSet.Find(_sources, options.Compared);
        _cases = ScoredCase.Find(_sources, options.Truth);
    }

    public static ReportModel Build(
        ReportOptions options, IProgress<WorkEvent>? progress = null, CancellationToken cancellation = default) =>
        new ReportBuilder(options, progress, cancellation).Build();

    private ReportModel Build()
    {
        var predictions = Scores();
        var curves = _sources.Metrics is { } table ? CurveReader.Losses(table) : null;
        if (curves is null)
            _leftOut.Add("Learning curves: there is no metrics.csv with iterations.");
        var locator = _sources.Locator is { } locatorTable ? CurveReader.Losses(locatorTable) : null;
        var agreement = ReadAgreement();
        var points = predictions.Count == 0 ? [] : AgreementReader.Pair(agreement, predictions[^1]);
        if (points.Count == 0)
            _leftOut.Add("Agreement against Dice: needs Dice and the masks of two segmentors (mkdseg score --members).");
        var (pictures, viewer) = Pictures(Chosen(predictions, agreement));
        var translations = Translations();
        return new()
        {
            Title = _options.Title ?? _sources.Bundle?.Name ?? _sources.Name,
            Made = _options.Made ?? DateTimeOffset.UtcNow,
            IsSynthetic = FactReader.IsSynthetic(_sources.Manifest),
            Labels = _sources.Labels,
            Facts = FactReader.Facts(_sources, _cases, _masks),
            Predictions = predictions,
            Compared = [.. _options.Compared.Select(item => item.Name)],
            FailedCases = [.. _cases.Where(item => item.Failure.Length > 0).Select(item => new Fact(item.Id, item.Failure))],
            Measurements = MeasurementReader.Read(_sources),
            Curves = curves,
            Locator = locator,
            Validation = _sources.Validation is { } validation ? CurveReader.Validation(validation, Scored()) : [],
            MethodPlots = [.. _sources.MethodPlots.Select(File.ReadAllBytes)],
            Pictures = pictures,
            Translations = translations,
            Agreement = points,
            Times = FactReader.Times(_sources, curves, locator),
            Configuration = FactReader.Configuration(_sources.Training),
            Environment = FactReader.Environment(_sources),
            ViewerCases = viewer,
            LeftOut = _leftOut,
        };
    }

    // An experiment scores test volumes during training only to monitor it; a training run scores volumes to select the model.
    private string Scored() =>
        Lenient.Text(_sources.Training.Member("validation").Member("selectBest")) == "false" ? "Test volumes" : "Validation";

    // The model's own prediction comes last, whatever the order of the file.
    private IReadOnlyList<PredictionScores> Scores()
    {
        Info("scores");
        var scored = _sources.ScoresFile is { } file ? ScoreReader.Read(file, _sources.Labels) : [];
        // A file has the model's own scores; masks of other models are compared nevertheless.
        var masks = scored.Count == 0 ? _masks : _masks?.Take(_options.Compared.Count);
        IReadOnlyList<PredictionScores> predictions =
        [
            .. masks?.Compare(_cases, _sources, _leftOut, _cancellation) ?? [],
            .. scored,
        ];
        if (predictions.Count == 0)
        {
            _leftOut.Add(_masks is null
                ? "Dice: the folder has neither masks nor scores.csv."
                : "Dice: no annotations were found; name their folder (--truth) or the data set (--data).");
        }

        return [.. predictions.OrderBy(item => item.Name == "Ensemble" ? 1 : 0)];
    }

    private IReadOnlyDictionary<string, double[]> ReadAgreement()
    {
        if (_masks is null)
            return new Dictionary<string, double[]>();
        Info("agreement of the segmentors");
        return AgreementReader.Read(_sources, _masks, _cases, _cancellation);
    }

    private IReadOnlyList<(ScoredCase Case, string Rank, double? Dice)> Chosen(
        IReadOnlyList<PredictionScores> predictions, IReadOnlyDictionary<string, double[]> agreement)
    {
        var shown = _cases.Where(item => item.Failure.Length == 0 && item.Image is not null).ToDictionary(item => item.Id);
        double? Dice(string id) => predictions.Count == 0 ? null : predictions[^1].Case(id)?.Mean;
        var scored = shown.Keys.Where(id => Dice(id) is not null).ToList();
        double AgreementOf(string id) =>
            agreement.TryGetValue(id, out var found) ? ScoreTable.MeanOfNumbers(found) : double.NaN;
        var ordered = scored.Count > 0
            ? Choose([.. scored.Select(id => (id, Dice(id)!.Value))])
            : Choose([.. shown.Keys.Select(id => (id, AgreementOf(id)))]);

        // Without annotations, "best" only means that the segmentors agree most, or nothing at all.
        return
        [
            .. ordered.Select(item => (
                shown[item.CaseId],
                scored.Count > 0 ? item.Rank : agreement.Count > 0 ? $"{item.Rank} agreement" : "example",
                Dice(item.CaseId))),
        ];
    }

    /// <summary>Chooses the best, median and worst case by value; fewer if there are fewer than three. NaN comes last.</summary>
    internal static IReadOnlyList<(string CaseId, string Rank)> Choose(IReadOnlyList<(string CaseId, double Value)> cases)
    {
        var ordered = cases.OrderByDescending(item => double.IsNaN(item.Value) ? double.NegativeInfinity : item.Value)
            .ThenBy(item => item.CaseId, StringComparer.Ordinal)
            .Select(item => item.CaseId)
            .ToList();
        return ordered.Count switch
        {
            0 => [],
            1 => [(ordered[0], "only case")],
            2 => [(ordered[0], "best"), (ordered[1], "worst")],
            _ => [(ordered[0], "best"), (ordered[ordered.Count / 2], "median"), (ordered[^1], "worst")],
        };
    }

    private (IReadOnlyList<CasePictures> Pictures, IReadOnlyList<ViewerCase> Viewer) Pictures(
        IReadOnlyList<(ScoredCase Case, string Rank, double? Dice)> chosen)
    {
        var pictures = new List<CasePictures>();
        var viewer = new List<ViewerCase>();
        foreach (var (item, rank, dice) in chosen)
        {
            _cancellation.ThrowIfCancellationRequested();
            Info($"pictures of {item.Id}");
            try
            {
                var volumes = CaseVolumes.Read(item, _masks!, _sources.Labels);
                var window = (_sources.Bundle?.Preprocessing.Window ?? IntensityWindow.Ct).Limits(volumes.Image.Voxels);
                pictures.Add(volumes.Draw(item.Id, rank, dice, _sources.Labels, window));
                var (packed, shortened) =
                    ViewerVolumes.Pack(volumes, item.Id, rank, window, _options.ViewerBytes / chosen.Count);
                viewer.Add(packed);
                if (shortened is not null)
                    _leftOut.Add(shortened);
            }
            catch (UserErrorException error)
            {
                _leftOut.Add($"Pictures of {item.Id}: {error.Message}");
            }
        }

        if (pictures.Count == 0)
            _leftOut.Add("Pictures and viewer: there are no masks, or their volumes were not found.");
        return (pictures, viewer);
    }

    private IReadOnlyList<TranslationExample> Translations()
    {
        var bundle = _sources.Bundle;
        if (bundle?.AssistantModality is not { } modality || bundle.FindNetwork(NetworkRoles.GeneratorToTarget) is null
            || bundle.FindNetwork(NetworkRoles.GeneratorToAssistant) is null || bundle.Channels != 1)
        {
            _leftOut.Add("Translation: the model has no pair of generators.");
            return [];
        }

        if (_sources.Manifest is not { } manifest || !manifest.Modalities.ContainsKey(modality))
        {
            _leftOut.Add($"Translation: the data set with {modality} volumes was not found; name its manifest (--data).");
            return [];
        }

        try
        {
            Info("translation examples");
            var examples = TranslationPictures.Draw(bundle, manifest, _options.Inference, _cancellation);
            if (examples.Count == 0)
                _leftOut.Add($"Translation: no {modality} volume of the data set {manifest.Name} was found.");
            return examples;
        }
        catch (UserErrorException error)
        {
            _leftOut.Add($"Translation: {error.Message}");
            return [];
        }
    }

    private void Info(string what) => _progress?.Report(new WorkInfo($"Report: {what}"));
}
