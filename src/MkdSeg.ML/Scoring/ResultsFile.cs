using System.Globalization;
using System.Text;
using MkdSeg.Files;
using MkdSeg.Labels;

namespace MkdSeg.ML.Scoring;

/// <summary>Writes results.csv: one row per case with status, reason, mL per structure and seconds per stage.</summary>
internal static class ResultsFile
{
    public const string Name = "results.csv";

    /// <summary>Replaces the file at once, so that a reader never sees half of it.</summary>
    public static void Write(string path, LabelSet labels, IEnumerable<CaseResult> results)
    {
        var stages = Enum.GetValues<ScoringStage>();
        var text = new StringBuilder();
        AppendRow(text,
        [
            "case", "file", "status", "reason",
            .. labels.Structures.Select(structure => $"{structure.Name}_ml"),
            .. stages.Select(stage => $"{stage}_s".ToLowerInvariant()),
        ]);
        foreach (var result in results)
        {
            AppendRow(text,
            [
                result.Case.Name,
                result.Case.Path,
                result.Status switch
                {
                    CaseStatus.Ok => "ok",
                    CaseStatus.Failed => "failed",
                    _ => "left out",
                },
                result.Reason,
                .. labels.Structures.Select((_, i) => i < result.VolumesMl.Count ? Number(result.VolumesMl[i]) : ""),
                .. stages.Select(stage => result.Seconds.TryGetValue(stage, out var seconds) ? Number(seconds) : ""),
            ]);
        }

        AtomicFile.WriteText(path, text.ToString());
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static void AppendRow(StringBuilder text, IEnumerable<string> fields) =>
        text.AppendJoin(',', fields.Select(CsvField.Quote)).Append('\n');
}
