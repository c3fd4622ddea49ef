namespace MkdSeg.Training.Networks;

/// <summary>The values of one weight or buffer.</summary>
public sealed class WeightArray
{
    /// <summary>Takes the array as it is; who gives it away does not change it any more.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    /// <param name="values">Its values in row-major order.</param>
    /// <exception cref="ArgumentException">There are not as many values as the shape has.</exception>
    public WeightArray(string name, long[] shape, float[] values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        var length = shape.Aggregate(1L, (product, size) => product * size);
        if (length != values.Length)
        {
            throw new ArgumentException(
                $"Weight '{name}' of shape {Describe(shape)} takes {length} values, not {values.Length}.");
        }

        (Name, Shape, Values) = (name, shape, values);
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>Its shape, outermost dimension first.</summary>
    public long[] Shape { get; }

    /// <summary>Its values in row-major order.</summary>
    public float[] Values { get; }

    internal static string Describe(long[] shape) => $"({string.Join(", ", shape)})";
}
