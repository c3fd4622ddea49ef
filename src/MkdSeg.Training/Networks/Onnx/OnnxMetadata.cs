namespace MkdSeg.Training.Networks.Onnx;

/// <summary>What an ONNX file says about itself.</summary>
public sealed record OnnxMetadata
{
    /// <summary>One sentence on what the model does.</summary>
    public string Description { get; init; } = "";

    /// <summary>Version of the program that wrote the file.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>
    /// Whatever the model's users need to know, as text under names: labels, spacing, intensity window, training
    /// configuration.
    /// </summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
