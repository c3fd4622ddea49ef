using System.Text;
using MkdSeg.Datasets;

namespace MkdSeg.Metrics;

/// <summary>
/// One metric of several cases, with means over cases and over structures. NaN is excluded from means and counted; an
/// infinite distance makes its means infinite.
/// </summary>
public sealed class ScoreTable
{
    /// <summary>Creates a table.</summary>
    /// <exception cref="ArgumentException">A case's number of values is not the number of structures.</exception>
    /// <exception cref="InvalidOperationException">The metric was not computed for a case.</exception>
    public ScoreTable(
        LabelSet labels, IEnumerable<SegmentationScores> cases, SegmentationMetric metric = SegmentationMetric.Dice)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Metric = metric;
        StructureNames = [.. labels.Structures.Select(structure => structure.Name)];
        Cases = [.. cases];
        foreach (var scores in Cases)
        {
            var count = scores.Values(metric).Count;
            if (count != StructureNames.Count)
            {
                throw new ArgumentException(
                    $"Case {scores.CaseId} has {count} values for {StructureNames.Count} structures.",
                    nameof(cases));
            }
        }

        var values = Cases.Select(scores => scores.Values(metric)).ToList();
        StructureMeans = [.. StructureNames.Select((_, i) => MeanOfNumbers(values.Select(row => row[i])))];
        UndefinedCounts = [.. StructureNames.Select((_, i) => values.Count(row => double.IsNaN(row[i])))];
        InfiniteCounts = [.. StructureNames.Select((_, i) => values.Count(row => double.IsInfinity(row[i])))];
    }

    /// <summary>The metric that the table shows.</summary>
    public SegmentationMetric Metric { get; }

    /// <summary>The metric's name, unit and meaning, in one line.</summary>
    public string Caption => Metric switch
    {
        SegmentationMetric.Dice => "Dice over voxels.",
        SegmentationMetric.IntersectionOverUnion => "IoU, intersection over union of voxels.",
        SegmentationMetric.SurfaceDice => string.Create(
            CultureInfo.InvariantCulture,
            $"Surface Dice: share of both surfaces within {ToleranceMm} mm of the other; 0 where one mask is empty."),
        SegmentationMetric.Hd95 =>
            "HD95, mm: the larger of the directed 95th percentiles of surface distance; ∞ where one mask is empty.",
        SegmentationMetric.Assd =>
            "Average symmetric surface distance, mm; ∞ where one mask is empty.",
        _ => "Volume difference, mL: predicted minus annotated; 0 where both masks are empty.",
    };

    /// <summary>Names of the structures, the columns.</summary>
    public IReadOnlyList<string> StructureNames { get; }

    /// <summary>The cases, the rows.</summary>
    public IReadOnlyList<SegmentationScores> Cases { get; }

    /// <summary>
    /// Scores over the voxels of all cases together, by which Cityscapes ranks; null if not computed. Shown alongside the
    /// means of <see cref="SegmentationMetric.Dice"/> and <see cref="SegmentationMetric.IntersectionOverUnion"/>.
    /// </summary>
    public SegmentationScores? Overall { get; init; }

    /// <summary>Mean over the cases per structure; NaN where no case has a value.</summary>
    public IReadOnlyList<double> StructureMeans { get; }

    /// <summary>Per structure, the cases that have no value because both masks are empty.</summary>
    public IReadOnlyList<int> UndefinedCounts { get; }

    /// <summary>Per structure, the cases at an infinite distance because one mask is empty.</summary>
    public IReadOnlyList<int> InfiniteCounts { get; }

    /// <summary>Mean of <see cref="StructureMeans"/>: every structure has the same weight.</summary>
    public double Mean => MeanOfNumbers(StructureMeans);

    /// <summary>A table of all cases and their mean, aligned for a console.</summary>
    public string ToText()
    {
        return Text("case", this, Rows("mean")) + Notes();
    }

    /// <summary>A Markdown table of all cases and their mean.</summary>
    public string ToMarkdown()
    {
        var notes = Notes();
        return Markdown("case", this, Rows("**mean**")) + (notes.Length > 0 ? "\n" + notes : "");
    }

    /// <summary>The means of several tables, one row each, aligned for a console.</summary>
    /// <param name="tables">Name and table of each row, such as S_syn, S_real and ensemble.</param>
    public static string CompareAsText(IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        Text("", First(tables), MeanRows(tables));

    /// <summary>The means of several tables, one row each, as Markdown.</summary>
    /// <param name="tables">Name and table of each row, such as S_syn, S_real and ensemble.</param>
    public static string CompareAsMarkdown(IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        Markdown("", First(tables), MeanRows(tables));

    /// <summary>Returns the mean of the values that are not NaN; NaN if there are none.</summary>
    internal static double MeanOfNumbers(IEnumerable<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                continue;
            sum += value;
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private double ToleranceMm => Cases.Count > 0 ? Cases[0].SurfaceToleranceMm : SurfaceMetrics.DefaultToleranceMm;

    private static ScoreTable First(IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        tables.Count > 0
            ? tables[0].Table
            : throw new ArgumentException("There is no table to compare.", nameof(tables));

    private IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> Rows(string meanName) =>
        Cases.Select(scores => (scores.CaseId, scores.Values(Metric), MeanOfNumbers(scores.Values(Metric))))
            .Append((meanName, StructureMeans, Mean))
            .Concat(OverallRow(""));

    private IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> OverallRow(string prefix) =>
        Overall is { } all && Metric is (SegmentationMetric.Dice or SegmentationMetric.IntersectionOverUnion)
            ? [(prefix + all.CaseId, all.Values(Metric), MeanOfNumbers(all.Values(Metric)))]
            : [];

    private static IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> MeanRows(
        IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        tables.SelectMany(row => row.Table.OverallRow($"{row.Name}, ")
            .Prepend((row.Name, row.Table.StructureMeans, row.Table.Mean)));

    private static string Text(
        string corner,
        ScoreTable like,
        IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> rows)
    {
        var lines = rows.ToList();
        var nameWidth = lines.Max(row => row.Name.Length);
        nameWidth = Math.Max(nameWidth, corner.Length);
        var text = new StringBuilder(corner.PadRight(nameWidth));
        var columns = like.StructureNames;
        int[] widths = [.. columns.Append("mean").Select(column => Math.Max(column.Length, 6))];
        foreach (var (column, width) in columns.Append("mean").Zip(widths))
            text.Append("  ").Append(column.PadLeft(width));
        text.Append('\n');
        foreach (var row in lines)
        {
            text.Append(row.Name.PadRight(nameWidth));
            foreach (var (value, width) in row.Values.Append(row.Mean).Zip(widths))
                text.Append("  ").Append(like.Number(value).PadLeft(width));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Markdown(
        string corner,
        ScoreTable like,
        IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> rows)
    {
        var columns = like.StructureNames;
        var text = new StringBuilder($"| {corner} | {string.Join(" | ", columns)} | mean |\n");
        text.Append("|---|").Append(string.Concat(Enumerable.Repeat("---:|", columns.Count + 1))).Append('\n');
        foreach (var (name, values, mean) in rows)
            text.Append($"| {name} | {string.Join(" | ", values.Append(mean).Select(like.Number))} |\n");
        return text.ToString();
    }

    private string Number(double value)
    {
        if (double.IsNaN(value))
            return "–";
        if (double.IsPositiveInfinity(value))
            return "∞";
        var format = Metric switch
        {
            SegmentationMetric.Dice or SegmentationMetric.IntersectionOverUnion or SegmentationMetric.SurfaceDice => "0.0000",
            SegmentationMetric.VolumeDifference => "+0.00;-0.00;0.00",
            _ => "0.00",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    private string Notes() =>
        Note("– : both masks empty, left out of the mean", UndefinedCounts)
        + Note("∞ : one mask empty", InfiniteCounts);

    private string Note(string meaning, IReadOnlyList<int> counts)
    {
        var where = StructureNames.Zip(counts).Where(pair => pair.Second > 0)
            .Select(pair => $"{pair.First} in {pair.Second} case{(pair.Second == 1 ? "" : "s")}")
            .ToList();
        return where.Count == 0 ? "" : $"{meaning} ({string.Join(", ", where)}).\n";
    }
}

/// <summary>The metric that a <see cref="ScoreTable"/> shows.</summary>
public enum SegmentationMetric
{
    /// <summary>Dice over voxels, 0 to 1; see <see cref="Metrics.Dice"/>.</summary>
    Dice,

    /// <summary>Dice over surface area at a tolerance, 0 to 1.</summary>
    SurfaceDice,

    /// <summary>95 % Hausdorff distance, mm.</summary>
    Hd95,

    /// <summary>Average symmetric surface distance, mm.</summary>
    Assd,

    /// <summary>Predicted volume minus annotated volume, mL.</summary>
    VolumeDifference,

    /// <summary>Intersection over union of voxels, 0 to 1; see <see cref="ClassOverlap.IntersectionOverUnion"/>.</summary>
    IntersectionOverUnion,
}
