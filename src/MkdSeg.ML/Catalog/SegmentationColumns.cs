namespace MkdSeg.ML.Catalog;

/// <summary>Names of the columns between a path and a mask in the pipelines that this assembly builds.</summary>
public static class SegmentationColumns
{
    /// <summary>Text: path of the volume's file.</summary>
    public const string Path = "Path";

    /// <summary>Text: name of the case.</summary>
    public const string Name = "Name";

    /// <summary>Volume as it was read.</summary>
    public const string Volume = "Volume";

    /// <summary>LabelMap: the annotation, if there is one.</summary>
    public const string Label = "Label";

    /// <summary>HeartBox: where the heart lies.</summary>
    public const string HeartBox = "HeartBox";

    /// <summary>Volume as the networks see it.</summary>
    public const string Prepared = "Prepared";

    /// <summary>
    /// ProbabilityVolume of all segmentors together, on the prepared volume's grid. Only with
    /// <see cref="MkdSeg.ML.Inference.HeartSegmenterOptions.KeepProbabilities"/>.
    /// </summary>
    public const string Probabilities = "Probabilities";

    /// <summary>LabelMap: the mask of all segmentors together, on the grid of the volume as it was read.</summary>
    public const string Mask = "Mask";

    /// <summary>
    /// LabelMap: <see cref="Mask"/> before its largest parts were kept or its cavities filled. Only if one of these was
    /// requested.
    /// </summary>
    public const string RawMask = "RawMask";

    /// <summary>Vector of Single: mL of each structure of <see cref="Mask"/>; slots have the structures' names.</summary>
    public const string VolumesMl = "VolumesMl";

    /// <summary>
    /// Vector of Single: how well the segmentors' masks agree on each structure, Dice in [0, 1]; slots have the structures'
    /// names. Only with two or more segmentors.
    /// </summary>
    public const string Agreement = "Agreement";

    /// <summary>
    /// Volume: where the segmentors disagree, in [0, 1], on the prepared volume's grid. Only with two or more segmentors.
    /// </summary>
    public const string Disagreement = "Disagreement";

    /// <summary>
    /// ProbabilityVolume of one segmentor, on the prepared volume's grid. Only with
    /// <see cref="MkdSeg.ML.Inference.HeartSegmenterOptions.KeepProbabilities"/>.
    /// </summary>
    /// <param name="role">The segmentor's role in the bundle, such as "S_real".</param>
    public static string ProbabilitiesOf(string role) => $"{Probabilities}_{role}";

    /// <summary>LabelMap: the mask of one segmentor, on the grid of the volume as it was read.</summary>
    /// <param name="role">The segmentor's role in the bundle, such as "S_real".</param>
    public static string MaskOf(string role) => $"{Mask}_{role}";
}
