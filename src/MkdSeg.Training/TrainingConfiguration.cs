using MkdSeg.Common;

namespace MkdSeg.Training;

/// <summary>Files that state how a training differs from a preset.</summary>
public static class TrainingConfiguration
{
    /// <summary>The preset where neither a file nor anybody else names one.</summary>
    public const string DefaultPreset = "phantom";

    private const string PresetKey = "preset";

    /// <summary>Reads a file such as <c>{ "preset": "paper", "batchSize": 4, "mkd": { "lambdaCycle": 5 } }</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preset">The preset to start from instead of the one that the file names; null for that.</param>
    /// <exception cref="UserErrorException">A key is unknown (the nearest valid one is named) or of the wrong type.</exception>
    public static TrainingOptions Load(string path, string? preset = null) => JsonOverlay.Load(
        path, PresetKey, named => TrainingPresets.Find(preset ?? named ?? DefaultPreset));
}
