using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;

namespace MkdSeg.Bundles;

/// <summary>
/// A trained model ready for use: the content of model.json next to the ONNX files, in a folder or a zip of it.
/// </summary>
public sealed partial record ModelBundle
{
    /// <summary>The format version that this program writes, and the newest that it reads.</summary>
    /// <remarks>Version 2 added the locator, version 3 the quality thresholds.</remarks>
    public const int CurrentFormatVersion = 4;

    /// <summary>Name of the description inside a bundle.</summary>
    public const string DescriptionFile = "model.json";

    /// <summary>Version of the format of model.json.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>Name of the model, such as "phantom-ct".</summary>
    public required string Name { get; init; }

    /// <summary>The target modality: the kind of volume that the segmentors accept, such as "CT".</summary>
    public required string Modality { get; init; }

    /// <summary>Values per pixel that the networks accept: 1 for intensities, 3 for red, green and blue.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>
    /// Photographs are scaled to this many pixels along their shorter side; null if the model accepts volumes.
    /// </summary>
    public int? PhotographSide { get; init; }

    /// <summary>The structures that the segmentors find.</summary>
    public required IReadOnlyList<Structure> Labels { get; init; }

    /// <summary>How volumes of the target modality are prepared.</summary>
    public required PreprocessingOptions Preprocessing { get; init; }

    /// <summary>The assistant modality of the generators, if there are any.</summary>
    public string? AssistantModality { get; init; }

    /// <summary>How volumes of the assistant modality are prepared for the generators.</summary>
    public PreprocessingOptions? AssistantPreprocessing { get; init; }

    /// <summary>
    /// How volumes are presented to the network with the role <see cref="NetworkRoles.Locator"/>; null where there is none.
    /// </summary>
    public LocatorSettings? Locator { get; init; }

    /// <summary>The networks.</summary>
    public required IReadOnlyList<NetworkFile> Networks { get; init; }

    /// <summary>The limits beyond which a result is doubtful; null if the bundle specifies none.</summary>
    public QualityThresholds? Quality { get; init; }

    /// <summary>The limits that apply: <see cref="Quality"/>, or the defaults for the modality and labels.</summary>
    [JsonIgnore]
    public QualityThresholds EffectiveQuality => Quality ?? QualityThresholds.DefaultFor(this);

    /// <summary>The effective training configuration, as written by training.</summary>
    public JsonObject? Training { get; init; }

    /// <summary>The measured scores and the data they were measured on.</summary>
    public IReadOnlyList<BundleScores> Metrics { get; init; } = [];

    /// <summary>Versions of the program and the engines that created it.</summary>
    public IReadOnlyDictionary<string, string> ToolVersions { get; init; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it was created; omitted by default so that the same training produces the same bytes.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The structures as a label set.</summary>
    [JsonIgnore]
    public LabelSet LabelSet => new(Labels);

    /// <summary>Returns the network with the given role, or null.</summary>
    public NetworkFile? FindNetwork(string role) =>
        Networks.FirstOrDefault(network => network.Role == role);

    /// <summary>The segmentors, in the bundle's order.</summary>
    [JsonIgnore]
    public IEnumerable<NetworkFile> Segmentors => Networks.Where(network => NetworkRoles.IsSegmentor(network.Role));
}

/// <summary>One ONNX file of a bundle.</summary>
public sealed record NetworkFile
{
    /// <summary>The network's role; see <see cref="NetworkRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>File name inside the bundle, such as "S_real.onnx".</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, 64 lower-case hexadecimal digits; filled in when the bundle is written.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Name of the ONNX input, shape (N, C, H, W).</summary>
    public required string InputName { get; init; }

    /// <summary>
    /// Name of the ONNX output, shape (N, K, H, W): the probabilities of a segmentor or the image of a generator.
    /// </summary>
    public required string OutputName { get; init; }

    /// <summary>Height and width must be multiples of this.</summary>
    public required int SizeMultiple { get; init; }
}

/// <summary>The scores of a bundle on one data set.</summary>
public sealed record BundleScores
{
    /// <summary>The data it was measured on, described so that a reader can act on it.</summary>
    public required string Data { get; init; }

    /// <summary>Which network or combination: a role, or "ensemble".</summary>
    public required string Predictor { get; init; }

    /// <summary>Number of volumes.</summary>
    public required int Cases { get; init; }

    /// <summary>Mean Dice over the volumes, per structure name.</summary>
    public required IReadOnlyDictionary<string, double> Dice { get; init; }

    /// <summary>Mean of <see cref="Dice"/> over the structures.</summary>
    public required double MeanDice { get; init; }
}
