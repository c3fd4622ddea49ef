namespace MkdSeg.Training.Data;

/// <summary>
/// One transverse slice, or a square of a photograph, ready to be drawn from: in the networks' resolution and intensity
/// range.
/// </summary>
/// <param name="Image">(C, Side, Side) intensities in [-1, 1], x fastest.</param>
/// <param name="Classes">
/// The class index of every pixel; <see cref="MkdSeg.Datasets.LabelSet.IgnoredClass"/> where the annotation says nothing.
/// </param>
public sealed record TrainingSlice(float[] Image, byte[] Classes);
