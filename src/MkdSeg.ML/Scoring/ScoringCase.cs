using MkdSeg.ML.Data;

namespace MkdSeg.ML.Scoring;

/// <summary>One volume to score.</summary>
/// <param name="Name">Name of its output files and of its row in the results.</param>
/// <param name="Path">The volume's file.</param>
/// <param name="LabelPath">The annotation's file; only the crop rule Label needs it.</param>
public sealed record ScoringCase(string Name, string Path, string? LabelPath = null)
{
    /// <summary>A case named after its file.</summary>
    /// <param name="path">The volume's file.</param>
    public static ScoringCase FromFile(string path) => new(VolumeListing.Stem(path), path);
}
