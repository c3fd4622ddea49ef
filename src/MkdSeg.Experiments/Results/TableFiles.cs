using MkdSeg.Common;
using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Results;

/// <summary>Writes tables as Markdown, CSV and JSON.</summary>
public static class TableFiles
{
    /// <summary>Folder of the tables inside an experiment's folder.</summary>
    public const string Folder = "tables";

    /// <summary>The name of a table's files, without their endings, such as <c>table1-scarce-4ct</c>.</summary>
    public static string NameOf(ResultTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var setting = table.Setting == ExperimentSetting.Scarce
            ? $"scarce-{table.TargetVolumes}{table.TargetModality}"
            : "folds";
        return $"table{table.Number}-{setting}".ToLowerInvariant();
    }

    /// <summary>Writes the three files of each table.</summary>
    /// <param name="root">The experiment's folder.</param>
    /// <param name="tables">The tables.</param>
    /// <returns>The Markdown files.</returns>
    public static IReadOnlyList<string> Write(string root, IReadOnlyList<ResultTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var folder = Directory.CreateDirectory(Path.Combine(root, Folder)).FullName;
        var written = new List<string>();
        foreach (var table in tables)
        {
            var path = Path.Combine(folder, NameOf(table));
            AtomicFile.WriteText(path + ".md", TableMarkdown.Format(table));
            AtomicFile.WriteText(path + ".csv", TableCsv.Format(table));
            StrictJson.Save(path + ".json", table);
            written.Add(path + ".md");
        }

        return written;
    }
}
