using System.Globalization;

namespace MkdSeg.Experiments.Running;

/// <summary>Reads metrics.csv, which a training writes.</summary>
internal static class TrainingCurves
{
    public const string FileName = "metrics.csv";

    /// <summary>Seconds until the last iteration, over all parts of a training that was resumed.</summary>
    public static double Seconds(string path)
    {
        var lines = File.ReadAllLines(path);
        var column = Array.IndexOf(lines[0].Split(','), "seconds");
        return lines.Length > 1 ? double.Parse(lines[^1].Split(',')[column], CultureInfo.InvariantCulture) : 0;
    }
}
