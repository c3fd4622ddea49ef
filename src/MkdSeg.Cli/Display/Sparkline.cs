namespace MkdSeg.Cli.Display;

/// <summary>A course of numbers in as many characters.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>From the lowest block for the lowest number to the full one; at most the last so many numbers.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var shown = values.Skip(values.Count - width).ToList();
        if (shown.Count == 0)
            return "";
        var (low, high) = (shown.Min(), shown.Max());
        return string.Concat(shown.Select(value =>
            Levels[high > low ? (int)Math.Round((value - low) / (high - low) * (Levels.Length - 1)) : 0]));
    }
}
