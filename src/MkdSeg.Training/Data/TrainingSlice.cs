namespace MkdSeg.Training.Data;

/// <summary>One transverse slice, ready to be drawn from: square, in the networks' spacing and intensity range.</summary>
/// <param name="Image">Side × Side intensities in [-1, 1], x fastest.</param>
/// <param name="Classes">The class index of every pixel.</param>
public sealed record TrainingSlice(float[] Image, byte[] Classes);
