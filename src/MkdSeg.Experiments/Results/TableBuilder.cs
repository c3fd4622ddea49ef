using MkdSeg.Bundles;
using MkdSeg.Experiments.Paper;
using MkdSeg.Experiments.Running;
using MkdSeg.Metrics;

namespace MkdSeg.Experiments.Results;

/// <summary>Builds tables from the finished runs in an experiment's folder.</summary>
internal sealed class TableBuilder(string root, IReadOnlyList<string> structures, string command)
{
    private readonly Dictionary<string, RunResult?> _results = new(StringComparer.Ordinal);

    public ResultTable Build(PlannedTable table)
    {
        RunSpecification[] runs =
            [.. table.Rows.SelectMany(row => row.Runs).Select(run => run.Run).DistinctBy(run => run.Name)];
        RunResult[] results = [.. runs.Select(Result).OfType<RunResult>()];
        var first = runs[0];
        return new()
        {
            Number = table.Definition.Number,
            Title = table.Definition.Title,
            Dataset = first.Dataset,
            TargetModality = first.TargetModality,
            AssistantModality = first.AssistantModality,
            Setting = table.Setting,
            TargetVolumes = table.TargetVolumes,
            TestVolumes = first.TestCases.Count,
            Iterations = first.Options.Iterations,
            AssistantSlices = table.Schedule?.Slices,
            Curves = table.Schedule is { } schedule ? [.. table.Rows.Select(row => Curve(row, schedule))] : [],
            Crop = first.Crop,
            Command = command,
            Structures = structures,
            SurfaceToleranceMm = results.SelectMany(result => result.Members).SelectMany(member => member.Cases)
                .Select(item => item.SurfaceToleranceMm).FirstOrDefault(SurfaceMetrics.DefaultToleranceMm),
            Rows = [.. table.Rows.Select(row => Row(table, row))],
            FinishedRuns = results.Length,
            Hours = results.Sum(result => result.TrainingSeconds + result.ScoringSeconds) / 3600,
            MissingRuns = [.. runs.Where(run => Result(run) is null).Select(Missing)],
            ToolVersions =
            [
                .. results
                    .Select(result => string.Join(", ", result.ToolVersions.Select(tool => $"{tool.Key} {tool.Value}")))
                    .Distinct().Order(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Returns each structure's mean over the test cases that have a value.</summary>
    internal static double[] StructureMeans(
        MemberScores scores, int structureCount, Func<CaseScores, int, double> metric) =>
    [
        .. Enumerable.Range(0, structureCount).Select(i => Statistic.Of(scores.Cases.Select(item => metric(item, i))).Mean),
    ];

    private ResultRow Row(PlannedTable table, PlannedRow row)
    {
        var scores = Scores(row);
        var means = Means(scores, (item, i) => item.Dice[i]);
        var reference = Reference(table, row);
        var paper = PaperTables.Find(table.Definition.Number, row.Row.Name);
        var paperReference = reference is null ? null : PaperTables.Find(table.Definition.Number, reference.Row.Name);
        return new()
        {
            Name = row.Row.Name,
            Method = row.Row.Method,
            Member = row.Row.Member,
            PlannedRuns = row.Runs.Count,
            Structures = [.. structures.Select((_, i) => Statistic.Of(means.Values.Select(values => values[i])))],
            Mean = Statistic.Of(means.Values.Select(MeanOf)),
            Difference = reference is null ? null : Difference(means, Means(Scores(reference), (item, i) => item.Dice[i])),
            SurfaceDice = OverRuns(scores, (item, i) => item.Surfaces[i].SurfaceDice),
            Hd95Mm = OverRuns(scores, (item, i) => item.Surfaces[i].Hd95Mm),
            AssdMm = OverRuns(scores, (item, i) => item.Surfaces[i].AssdMm),
            Missed = scores.Values.Sum(
                member => member.Cases.Sum(item => item.Surfaces.Count(surface => double.IsInfinity(surface.Hd95Mm)))),
            Paper = paper,
            PaperDifference = paper is null || paperReference is null
                ? null
                : Math.Round(paper.Mean - paperReference.Mean, 4),
        };
    }

    private DiceCurve Curve(PlannedRow row, LongSchedule schedule) => DiceCurve.Of(
        row,
        [.. row.Runs.Where(run => Result(run.Run) is not null).Select(run => RunFolder.Of(root, run.Run))],
        schedule);

    // Tables 1 and 4: the baseline. Table 2: the same member of the full method. Table 3: the least assistant data.
    private static PlannedRow? Reference(PlannedTable table, PlannedRow row)
    {
        var reference = table.Definition.Number switch
        {
            2 => table.Rows.FirstOrDefault(other => other.Row.Method == "mkd" && other.Row.Member == row.Row.Member),
            3 => table.Rows.MinBy(other => other.Row.AssistantVolumes),
            _ => table.Rows.FirstOrDefault(other => other.Row.Name == TableDefinition.BaselineRow),
        };
        return reference == row ? null : reference;
    }

    private static Statistic? Difference(
        Dictionary<RunPair, double[]> means, Dictionary<RunPair, double[]> reference)
    {
        var difference = Statistic.Of(means.Where(run => reference.ContainsKey(run.Key))
            .Select(run => MeanOf(run.Value) - MeanOf(reference[run.Key])));
        return difference.Count == 0 ? null : difference;
    }

    private static double MeanOf(double[] values) => Statistic.Of(values).Mean;

    private Dictionary<RunPair, double[]> Means(
        Dictionary<RunPair, MemberScores> scores, Func<CaseScores, int, double> metric) =>
        scores.ToDictionary(run => run.Key, run => StructureMeans(run.Value, structures.Count, metric));

    private Statistic OverRuns(Dictionary<RunPair, MemberScores> scores, Func<CaseScores, int, double> metric) =>
        Statistic.Of(Means(scores, metric).Values.Select(MeanOf));

    private Dictionary<RunPair, MemberScores> Scores(PlannedRow row) => row.Runs
        .Select(run => (run.Pair, Result: Result(run.Run)))
        .Where(run => run.Result is not null)
        .ToDictionary(run => run.Pair, run => MemberOf(run.Result!, row.Row.Member));

    private static MemberScores MemberOf(RunResult result, RowMember member) => member switch
    {
        RowMember.First => result.Members[0],
        RowMember.SSyn => Named(result, NetworkRoles.SSyn),
        RowMember.SReal => Named(result, NetworkRoles.SReal),
        _ => Named(result, NetworkRoles.Ensemble),
    };

    private static MemberScores Named(RunResult result, string name) =>
        result.Members.FirstOrDefault(member => member.Name == name) ?? throw new UserErrorException(
            $"The run {result.Identity[..8]} has no scores for {name}, only for "
            + $"{string.Join(", ", result.Members.Select(member => member.Name))}; delete its folder and run it again.");

    private string Missing(RunSpecification run) =>
        RunFolder.Of(root, run).ReadFailure() is { } reason ? $"{run.Name} (failed: {reason})" : run.Name;

    private RunResult? Result(RunSpecification run)
    {
        if (!_results.TryGetValue(run.Name, out var result))
            _results[run.Name] = result = RunFolder.Of(root, run).ReadResult();
        return result;
    }
}
