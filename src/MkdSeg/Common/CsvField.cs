namespace MkdSeg.Common;

/// <summary>Fields of CSV files (RFC 4180).</summary>
internal static class CsvField
{
    /// <summary>The field, in quotes where it holds a comma, a quote or a line break.</summary>
    public static string Quote(string field)
    {
        return field.AsSpan().IndexOfAny(",\"\n\r") < 0
            ? field
            : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
