namespace MkdSeg.Training.Networks;

/// <summary>
/// How height and width of a signal follow from those of the network's input: size · <see cref="Up"/> /
/// <see cref="Down"/> + <see cref="Offset"/>, exact for every input size that the network's strides divide.
/// </summary>
/// <param name="Up">Numerator of the scale, in lowest terms with <paramref name="Down"/>.</param>
/// <param name="Down">Denominator of the scale: 4 after two convolutions of stride 2.</param>
/// <param name="Offset">Pixels that unpadded kernels took away (negative) or padding added.</param>
public readonly record struct Extent(int Up, int Down, int Offset)
{
    /// <summary>The extent of the network's input.</summary>
    public static Extent Input { get; } = new(1, 1, 0);

    /// <summary>Whether a signal of this extent is as large as the network's input.</summary>
    public bool IsInput => this == Input;

    /// <inheritdoc/>
    public override string ToString()
    {
        var scale = Down == 1 ? Up == 1 ? "size" : $"size·{Up}" : Up == 1 ? $"size/{Down}" : $"size·{Up}/{Down}";
        return Offset == 0 ? scale : Offset > 0 ? $"{scale}+{Offset}" : $"{scale}−{-Offset}";
    }

    internal Extent Rescaled(int up, int down, int offset)
    {
        long numerator = (long)Up * up, denominator = (long)Down * down;
        var divisor = GreatestCommonDivisor(numerator, denominator);
        return new Extent((int)(numerator / divisor), (int)(denominator / divisor), offset);
    }

    internal static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
