namespace MkdSeg.Datasets;

/// <summary>One photograph of a data set and its label image.</summary>
/// <param name="Id">What varies in its path, joined by slashes; unique in its modality and split.</param>
/// <param name="Modality">Its modality, a key of the manifest's modalities.</param>
/// <param name="Split">The part of the data set it belongs to.</param>
/// <param name="ImagePath">Where the photograph lies.</param>
/// <param name="LabelPath">Where its label image lies, or would have to lie.</param>
public sealed record PhotographCase(string Id, string Modality, string? Split, string ImagePath, string LabelPath);
