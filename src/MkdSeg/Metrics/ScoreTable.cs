using System.Globalization;
using System.Text;
using MkdSeg.Labels;

namespace MkdSeg.Metrics;

/// <summary>
/// Dice of several cases, with means over cases and over structures. NaN is left out of means and counted.
/// </summary>
public sealed class ScoreTable
{
    /// <summary>Creates a table.</summary>
    /// <exception cref="ArgumentException">A case has another number of values than there are structures.</exception>
    public ScoreTable(LabelSet labels, IEnumerable<SegmentationScores> cases)
    {
        ArgumentNullException.ThrowIfNull(labels);
        StructureNames = [.. labels.Structures.Select(structure => structure.Name)];
        Cases = [.. cases];
        foreach (var scores in Cases)
        {
            if (scores.Dice.Count != StructureNames.Count)
            {
                throw new ArgumentException(
                    $"Case {scores.CaseId} has {scores.Dice.Count} values for {StructureNames.Count} structures.",
                    nameof(cases));
            }
        }

        StructureMeans =
            [.. StructureNames.Select((_, i) => MeanOfNumbers(Cases.Select(scores => scores.Dice[i])))];
        UndefinedCounts =
            [.. StructureNames.Select((_, i) => Cases.Count(scores => double.IsNaN(scores.Dice[i])))];
    }

    /// <summary>Names of the structures, the columns.</summary>
    public IReadOnlyList<string> StructureNames { get; }

    /// <summary>The cases, the rows.</summary>
    public IReadOnlyList<SegmentationScores> Cases { get; }

    /// <summary>Mean over the cases per structure; NaN where no case has a value.</summary>
    public IReadOnlyList<double> StructureMeans { get; }

    /// <summary>Per structure, the cases that have no value because both masks are empty.</summary>
    public IReadOnlyList<int> UndefinedCounts { get; }

    /// <summary>Mean of <see cref="StructureMeans"/>: every structure counts the same.</summary>
    public double Mean => MeanOfNumbers(StructureMeans);

    /// <summary>A table of all cases and their mean, aligned for a console.</summary>
    public string ToText()
    {
        var rows = Cases.Select(scores => (scores.CaseId, scores.Dice, scores.Mean))
            .Append(("mean", StructureMeans, Mean));
        return Text("case", StructureNames, rows) + UndefinedNote();
    }

    /// <summary>A Markdown table of all cases and their mean.</summary>
    public string ToMarkdown()
    {
        var rows = Cases.Select(scores => (scores.CaseId, scores.Dice, scores.Mean))
            .Append(("**mean**", StructureMeans, Mean));
        var note = UndefinedNote();
        return Markdown("case", StructureNames, rows) + (note.Length > 0 ? "\n" + note : "");
    }

    /// <summary>The means of several tables, one row each, aligned for a console.</summary>
    /// <param name="tables">Name and table of each row, such as S_syn, S_real and ensemble.</param>
    public static string CompareAsText(IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        Text("", Columns(tables), MeanRows(tables));

    /// <summary>The means of several tables, one row each, as Markdown.</summary>
    /// <param name="tables">Name and table of each row, such as S_syn, S_real and ensemble.</param>
    public static string CompareAsMarkdown(IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        Markdown("", Columns(tables), MeanRows(tables));

    /// <summary>The mean of the values that are not NaN; NaN where there is none.</summary>
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

    private static IReadOnlyList<string> Columns(IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        tables.Count == 0
            ? throw new ArgumentException("There is no table to compare.", nameof(tables))
            : tables[0].Table.StructureNames;

    private static IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> MeanRows(
        IReadOnlyList<(string Name, ScoreTable Table)> tables) =>
        tables.Select(row => (row.Name, row.Table.StructureMeans, row.Table.Mean));

    private static string Text(
        string corner, IReadOnlyList<string> columns,
        IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> rows)
    {
        var lines = rows.ToList();
        var nameWidth = lines.Max(row => row.Name.Length);
        nameWidth = Math.Max(nameWidth, corner.Length);
        var text = new StringBuilder(corner.PadRight(nameWidth));
        int[] widths = [.. columns.Append("mean").Select(column => Math.Max(column.Length, 6))];
        foreach (var (column, width) in columns.Append("mean").Zip(widths))
            text.Append("  ").Append(column.PadLeft(width));
        text.Append('\n');
        foreach (var row in lines)
        {
            text.Append(row.Name.PadRight(nameWidth));
            foreach (var (value, width) in row.Values.Append(row.Mean).Zip(widths))
                text.Append("  ").Append(Number(value).PadLeft(width));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Markdown(
        string corner, IReadOnlyList<string> columns,
        IEnumerable<(string Name, IReadOnlyList<double> Values, double Mean)> rows)
    {
        var text = new StringBuilder($"| {corner} | {string.Join(" | ", columns)} | mean |\n");
        text.Append("|---|").Append(string.Concat(Enumerable.Repeat("---:|", columns.Count + 1))).Append('\n');
        foreach (var (name, values, mean) in rows)
            text.Append($"| {name} | {string.Join(" | ", values.Append(mean).Select(Number))} |\n");
        return text.ToString();
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    private string UndefinedNote()
    {
        var undefined = StructureNames.Zip(UndefinedCounts).Where(pair => pair.Second > 0)
            .Select(pair => $"{pair.First} in {pair.Second} case{(pair.Second == 1 ? "" : "s")}")
            .ToList();
        return undefined.Count == 0
            ? ""
            : $"– : both masks empty, left out of the mean ({string.Join(", ", undefined)}).\n";
    }
}
