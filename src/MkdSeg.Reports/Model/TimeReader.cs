using MkdSeg.Reports.Sources;

namespace MkdSeg.Reports.Model;

/// <summary>How long training and scoring took.</summary>
internal static class TimeReader
{
    private static readonly (string Column, string What)[] Stages =
    [
        ("hash_s", "hashing the input"),
        ("read_s", "reading"),
        ("locate_s", "finding the heart"),
        ("prepare_s", "preparing slices"),
        ("segment_s", "networks"),
        ("restore_s", "masks on the volume's grid"),
        ("write_s", "writing"),
    ];

    /// <summary>The rows; those that nothing is known about are left out.</summary>
    public static IReadOnlyList<TimeRow> Read(
        ReportSources sources, CurveTable? curves, CurveTable? locator)
    {
        var rows = new List<TimeRow>();
        var training = Lenient.Number(sources.Result.Member("trainingSeconds"));
        if (double.IsNaN(training))
            training = curves?.Seconds ?? double.NaN;
        if (double.IsFinite(training))
            rows.Add(new("Training, per iteration", training, curves is null ? null : (int)curves.Total));
        if (locator?.Seconds is { } locating)
            rows.Add(new("Training of the locator, per iteration", locating, (int)locator.Total));
        if (sources.Results is not { } results)
            return rows;
        var total = new TimeRow("Scoring, per volume", 0, 0);
        var stages = new List<TimeRow>();
        foreach (var (column, what) in Stages)
        {
            double[] seconds =
            [
                .. results.Rows.Select(row => CsvTable.Number(results.Field(row, column))).Where(double.IsFinite),
            ];
            if (seconds.Length == 0)
                continue;
            stages.Add(new($"– {what}", seconds.Sum(), seconds.Length));
            total = total with { Seconds = total.Seconds + seconds.Sum(), Count = Math.Max(total.Count!.Value, seconds.Length) };
        }

        return stages.Count == 0 ? rows : [.. rows, total, .. stages];
    }
}
