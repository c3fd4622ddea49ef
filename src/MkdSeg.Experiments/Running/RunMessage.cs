using System.Globalization;

namespace MkdSeg.Experiments.Running;

/// <summary>How a run in a process of its own tells its progress: lines of its standard output.</summary>
public static class RunMessage
{
    private const string Prefix = "progress ";

    /// <summary>The line.</summary>
    public static string Format(RunProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{progress.Fraction:0.####} {progress.Detail}");

    /// <summary>The progress that a line tells; false for any other line.</summary>
    public static bool TryParse(string line, out RunProgress progress)
    {
        ArgumentNullException.ThrowIfNull(line);
        progress = default;
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var parts = line[Prefix.Length..].Split(' ', 2);
        if (!double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction))
            return false;
        progress = new(fraction, parts.Length > 1 ? parts[1] : "");
        return true;
    }
}
