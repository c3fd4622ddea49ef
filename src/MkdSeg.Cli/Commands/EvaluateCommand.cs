using MkdSeg.Metrics;
using MkdSeg.ML.Scoring;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg evaluate</c>: compares folders of masks.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var truth = CommonOptions.Required<string>("--truth", "The folder of annotations.");
        var rows = CommonOptions.Required<string[]>(
            "--prediction",
            "A folder of predicted masks, or NAME=FOLDER; repeat to compare several.");
        var labels = CommonOptions.Labels();
        var note = CommonOptions.New<string?>("--note", "A line to print above the table.");
        var output = CommonOptions.New<string[]>(
            "--out",
            "A file for the results: every case and structure at full precision as .csv or .json, Markdown "
            + "tables under any other name; may be repeated.");
        var surface = CommonOptions.New<bool>(
            "--surface", "Also report surface Dice, HD95, average symmetric surface distance and volume difference.");
        var tolerance = CommonOptions.New<double?>(
            "--tolerance",
            $"The tolerance of surface Dice, mm; default: {SurfaceMetrics.DefaultToleranceMm}. Implies --surface.");
        var record = CommonOptions.New<string?>(
            "--record",
            "A bundle folder: save the rows named after its segmentors or 'ensemble' in its model.json, and with --doubts the "
            + "ensemble's agreement threshold; --note names the data they were measured on.");
        var doubts = CommonOptions.New<double?>(
            "--doubts",
            "Also report how well scoring recognised bad cases, those below this mean Dice, such as 0.8: area under the ROC "
            + "curve of the segmentors' agreement, its best threshold, bad cases by status. Needs the output folder of score.");
        var command = new Command(
            "evaluate",
            "Compares masks with annotations: Dice per structure and case, in three dimensions. If both masks of a\n"
            + "structure are empty, there is no value; such cases are excluded from means and counted.\n\n"
            + "--surface adds surface distances, weighted by area. If one mask is empty, distances are infinite and\n"
            + "surface Dice is 0; if both are, there is no value.\n\n"
            + "For photographs, --labels names their manifest, --truth its data root, and --prediction the label images\n"
            + "written by score. Intersection over union is added, per photograph and over all pixels, as in the\n"
            + "Cityscapes ranking.\n\n"
            + "Example: mkdseg evaluate --truth data/ct_test --prediction masks --surface --out scores.csv")
        {
            truth, rows, labels, surface, tolerance, doubts, note, output, record,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var photographs = CommonOptions.PhotographsOf(parsed.GetValue(labels), parsed.GetValue(truth)!);
            var labelSet = photographs?.LabelSet ?? CommonOptions.LabelsOf(parsed.GetValue(labels));
            var toleranceMm = parsed.GetValue(tolerance)
                ?? (parsed.GetValue(surface) ? SurfaceMetrics.DefaultToleranceMm : null);
            if (toleranceMm is < 0 or double.NaN)
                throw new UserErrorException($"--tolerance is {toleranceMm}; give 0 mm or more.");

            if (photographs is not null && toleranceMm is not null)
                throw new UserErrorException("Photographs have no scale in millimetres; omit --surface and --tolerance.");

            var leastDice = parsed.GetValue(doubts);
            if (leastDice is not (null or (> 0 and < 1)))
                throw new UserErrorException($"--doubts is {leastDice}; give a Dice value between 0 and 1.");
            if (photographs is not null && leastDice is not null)
                throw new UserErrorException("Photographs are never marked doubtful; omit --doubts.");

            var tables = new List<(string Name, ScoreTable Table)>();
            var reports = new List<(string Name, DoubtReport Report)>();
            var failed = false;
            foreach (var (name, folder) in parsed.GetValue(rows)!.Select(Named))
            {
                if (photographs is not null)
                {
                    var labelled = PhotographComparison.OfFolder(folder, photographs, cancellation);
                    WarnOfMissing(name, labelled.OnlyReference);
                    tables.Add((name, labelled.Table));
                    continue;
                }

                var comparison = MaskComparison.OfFolders(
                    folder, parsed.GetValue(truth)!, labelSet, toleranceMm, cancellation: cancellation);
                WarnOfMissing(name, comparison.OnlyReference);
                foreach (var sentence in comparison.Warnings.Concat(comparison.Failures))
                    Console.Error.WriteLine($"mkdseg: {name}: {sentence}");
                failed |= comparison.Failures.Count > 0;
                tables.Add((name, comparison.Table));
                if (leastDice is { } least)
                    reports.Add((name, DoubtReport.Read(folder, comparison.Table, least)));
            }

            if (parsed.GetValue(note) is { } line)
                Console.WriteLine(line);

            SegmentationMetric[] metrics =
                photographs is not null ? [SegmentationMetric.Dice, SegmentationMetric.IntersectionOverUnion]
                : toleranceMm is null ? [SegmentationMetric.Dice]
                : [.. Enum.GetValues<SegmentationMetric>().Except([SegmentationMetric.IntersectionOverUnion])];
            foreach (var shown in metrics.Select(metric => Show(tables, labelSet, metric)))
            {
                if (metrics.Length > 1)
                    Console.WriteLine($"{Environment.NewLine}{shown[0].Table.Caption}");

                Console.Write(shown.Count == 1 ? shown[0].Table.ToText() : ScoreTable.CompareAsText(shown));
            }

            foreach (var (name, report) in reports)
                Console.Write($"{Environment.NewLine}{name}: {report}");

            foreach (var file in parsed.GetValue(output) ?? [])
            {
                AtomicFile.WriteText(file, Path.GetExtension(file).ToUpperInvariant() switch
                {
                    ".CSV" => ScoreFile.ToCsv(tables),
                    ".JSON" => ScoreFile.ToJson(tables, parsed.GetValue(note)),
                    _ => Markdown([.. metrics.Select(metric => Show(tables, labelSet, metric))], parsed.GetValue(note)),
                });
            }

            if (parsed.GetValue(record) is { } bundle)
            {
                var ensemble = reports.Find(row => row.Name.Equals(NetworkRoles.Ensemble, StringComparison.OrdinalIgnoreCase));
                Record(bundle, tables, parsed.GetValue(note) ?? parsed.GetValue(truth)!, ensemble.Report?.Agreement.BestThreshold());
            }

            return Task.FromResult(failed ? 1 : 0);
        });
        return command;
    }

    private static void WarnOfMissing(string name, IReadOnlyList<string> cases)
    {
        const int shown = 3;
        if (cases.Count > 0)
        {
            var more = cases.Count > shown ? $" and {cases.Count - shown} more" : string.Empty;
            Console.Error.WriteLine(
                $"mkdseg: {name}: no mask for {string.Join(", ", cases.Take(shown))}{more}; left out.");
        }
    }

    private static (string Name, string Folder) Named(string row) =>
        !Directory.Exists(row) && CommonOptions.NamedFolder(row) is { } named
            ? named
            : (Path.GetFileName(Path.TrimEndingDirectorySeparator(row)), row);

    private static void Record(
        string folder, List<(string Name, ScoreTable Table)> tables, string data, double? minAgreement)
    {
        var bundle = ModelBundle.Load(folder);
        var predictors = bundle.Segmentors.Select(network => network.Role).Append(NetworkRoles.Ensemble).ToList();
        var metrics = tables
            .Select(row => (Predictor: predictors.Find(name => name.Equals(row.Name, StringComparison.OrdinalIgnoreCase)), row.Table))
            .Where(row => row.Predictor is not null)
            .Select(row => new BundleScores
            {
                Data = data,
                Predictor = row.Predictor!,
                Cases = row.Table.Cases.Count,
                Dice = row.Table.StructureNames.Zip(row.Table.StructureMeans)
                    .ToDictionary(pair => pair.First, pair => Math.Round(pair.Second, 4)),
                MeanDice = Math.Round(row.Table.Mean, 4),
            });
        BundleWriter.Write(
            folder,
            bundle with
            {
                Metrics = [.. metrics],
                Quality = minAgreement is { } least
                    ? bundle.EffectiveQuality with { MinAgreement = Math.Round(least, 2) }
                    : bundle.Quality,
            },
            bundle.Networks.ToDictionary(
                network => network.Role, network => (ReadOnlyMemory<byte>)bundle.ReadNetwork(network.Role)));
    }

    private static List<(string Name, ScoreTable Table)> Show(
        List<(string Name, ScoreTable Table)> tables, LabelSet labels, SegmentationMetric metric) =>
        tables.ConvertAll(row => (row.Name, new ScoreTable(labels, row.Table.Cases, metric)
        {
            Overall = row.Table.Overall,
        }));

    private static string Markdown(IReadOnlyList<List<(string Name, ScoreTable Table)>> metrics, string? note)
    {
        var parts = new List<string>();
        if (note is not null)
            parts.Add(note + "\n");

        foreach (var tables in metrics)
        {
            if (metrics.Count > 1)
                parts.Add($"# {tables[0].Table.Caption}\n");
            if (tables.Count > 1)
                parts.Add(ScoreTable.CompareAsMarkdown(tables));

            parts.AddRange(tables.Select(row => $"## {row.Name}\n\n{row.Table.ToMarkdown()}"));
        }

        return string.Join('\n', parts);
    }
}
