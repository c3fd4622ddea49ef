using System.CommandLine;
using MkdSeg.Bundles;
using MkdSeg.Files;
using MkdSeg.Labels;
using MkdSeg.Manifests;
using MkdSeg.Metrics;
using MkdSeg.ML.Evaluation;

namespace MkdSeg.Cli.Verbs;

/// <summary><c>mkdseg evaluate</c>: compares folders of masks.</summary>
internal static class EvaluateVerb
{
    /// <summary>The verb with its options.</summary>
    public static Command Create()
    {
        var truth = new Option<string>("--truth") { Description = "The folder with the annotations.", Required = true };
        var rows = new Option<string[]>("--prediction")
        {
            Description = "A folder of predicted masks, or NAME=FOLDER; may be given several times for a comparison.",
            Required = true,
        };
        var labels = new Option<string?>("--labels")
        {
            Description = "A manifest or bundle that says what the values mean; default: the whole heart as in MM-WHS.",
        };
        var note = new Option<string?>("--note") { Description = "A line that is printed above the table." };
        var output = new Option<string?>("--out") { Description = "A Markdown file for the table." };
        var record = new Option<string?>("--record")
        {
            Description = "A bundle folder whose model.json keeps the rows named after its segmentors or 'ensemble'; --note "
                + "says which data they were measured on.",
        };
        var command = new Command(
            "evaluate",
            "Compares masks with annotations: Dice per structure and case, in three dimensions. Where both masks of a\n"
            + "structure are empty there is no value; such cases are left out of means and counted.\n\n"
            + "Example: mkdseg evaluate --truth data/ct_test --prediction masks")
        {
            truth, rows, labels, note, output, record,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var labelSet = LabelsOf(parsed.GetValue(labels));
            var tables = new List<(string Name, ScoreTable Table)>();
            foreach (var (name, folder) in parsed.GetValue(rows)!.Select(Split))
            {
                var comparison = MaskComparison.OfFolders(
                    folder, parsed.GetValue(truth)!, labelSet, cancellation: cancellation);
                WarnOfMissing(name, comparison.OnlyReference);

                tables.Add((name, comparison.Table));
            }

            if (parsed.GetValue(note) is { } line)
            {
                Console.WriteLine(line);
            }

            Console.Write(tables.Count == 1 ? tables[0].Table.ToText() : ScoreTable.CompareAsText(tables));
            if (parsed.GetValue(output) is { } file)
            {
                Save(file, tables, parsed.GetValue(note));
            }

            if (parsed.GetValue(record) is { } bundle)
            {
                Record(bundle, tables, parsed.GetValue(note) ?? parsed.GetValue(truth)!);
            }

            return Task.FromResult(0);
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
                $"mkdseg: {name}: no predicted mask for {string.Join(", ", cases.Take(shown))}{more}; left out.");
        }
    }

    private static LabelSet LabelsOf(string? source) => source switch
    {
        null => LabelSet.WholeHeart,
        _ when File.Exists(Path.Combine(source, ModelBundle.DescriptionFile)) => ModelBundle.Load(source).LabelSet,
        _ when source.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) => ModelBundle.Load(source).LabelSet,
        _ => DatasetManifest.Load(source).LabelSet,
    };

    private static (string Name, string Folder) Split(string row)
    {
        var equals = row.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !Directory.Exists(row)
            ? (row[..equals], row[(equals + 1)..])
            : (Path.GetFileName(Path.TrimEndingDirectorySeparator(row)), row);
    }

    private static void Record(string folder, List<(string Name, ScoreTable Table)> tables, string data)
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
            bundle with { Metrics = [.. metrics] },
            bundle.Networks.ToDictionary(
                network => network.Role, network => (ReadOnlyMemory<byte>)bundle.ReadNetwork(network.Role)));
    }

    private static void Save(string file, List<(string Name, ScoreTable Table)> tables, string? note)
    {
        var parts = tables.Select(row => $"## {row.Name}\n\n{row.Table.ToMarkdown()}");
        if (tables.Count > 1)
        {
            parts = parts.Prepend(ScoreTable.CompareAsMarkdown(tables));
        }

        if (note is not null)
        {
            parts = parts.Prepend(note + "\n");
        }

        AtomicFile.WriteText(file, string.Join('\n', parts));
    }
}
