using System.Text;

namespace MkdSeg.Common;

/// <summary>A CSV file (RFC 4180) whose first row names the columns. Columns are looked up by name.</summary>
internal sealed class CsvTable
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);

    private CsvTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        (Columns, Rows) = (columns, rows);
        for (var i = 0; i < columns.Count; i++)
            _columns.TryAdd(columns[i], i);
    }

    public IReadOnlyList<string> Columns { get; }
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    public static CsvTable Load(string path) =>
        Parse(UserErrorException.OfFiles(() => File.ReadAllText(path), $"{path} cannot be read"), path);

    /// <summary>Parses CSV text; <paramref name="source"/> names it in errors.</summary>
    public static CsvTable Parse(string text, string source)
    {
        var records = Records(text).Where(record => record.Count > 1 || record[0].Length > 0).ToList();
        return records.Count > 0
            ? new(records[0], records[1..])
            : throw new UserErrorException($"{source} is empty; a table whose first row names the columns is expected.");
    }

    /// <summary>Returns the index of a column; -1 if there is none with that name.</summary>
    public int Find(string column) => _columns.GetValueOrDefault(column, -1);

    /// <summary>Returns a field; empty if the row or the table lacks it.</summary>
    public string Field(IReadOnlyList<string> row, string column)
    {
        var index = Find(column);
        return index >= 0 && index < row.Count ? row[index] : "";
    }

    /// <summary>Returns the number in a field; NaN if there is none.</summary>
    public double Number(IReadOnlyList<string> row, string column) => Number(Field(row, column));

    /// <summary>Parses a number as this program writes it; NaN for any other text.</summary>
    public static double Number(string field) =>
        field.Equals("inf", StringComparison.OrdinalIgnoreCase) ? double.PositiveInfinity
        : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : double.NaN;

    private static IEnumerable<List<string>> Records(string text)
    {
        var record = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else
                    quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                record.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    yield return record;
                    record = [];
                }
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 || record.Count > 0)
        {
            record.Add(field.ToString());
            yield return record;
        }
    }
}

/// <summary>Fields of CSV files (RFC 4180).</summary>
internal static class CsvField
{
    /// <summary>Quotes the field if it contains a comma, a quote or a line break.</summary>
    public static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\n\r") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
