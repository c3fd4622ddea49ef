namespace MkdSeg.Training;

/// <summary>In which floating-point formats a training computes. Weights, moments and losses are always 32-bit floats.</summary>
public enum Precision
{
    /// <summary>In 32-bit floats throughout.</summary>
    Fp32,

    /// <summary>
    /// Convolutions and what lies between them in bfloat16, whose range is that of 32-bit floats, so that losses need no
    /// scaling.
    /// </summary>
    Mixed,
}
