namespace Microsoft.ML;

/// <summary>The exceptions that tell which column does not fit.</summary>
internal static class SchemaErrors
{
    public static ArgumentOutOfRangeException Missing(string columnName, string parameterName = "inputSchema") =>
        new(parameterName, $"Could not find input column '{columnName}'");

    public static ArgumentOutOfRangeException Mismatch(
        string columnName, string expected, string actual, string parameterName = "inputSchema") =>
        new(parameterName, $"Schema mismatch for input column '{columnName}': expected {expected}, got {actual}");
}
