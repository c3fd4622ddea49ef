namespace MkdSeg.Training.Networks;

/// <summary>A weight or buffer that a network needs.</summary>
/// <param name="Name">Its name; networks that use the same name share it.</param>
/// <param name="Shape">Its shape, outermost dimension first.</param>
/// <param name="Initialization">How its values start.</param>
/// <param name="Trainable">False for buffers, such as the running statistics of batch normalisation.</param>
public sealed record ParameterSpec(string Name, long[] Shape, Initialization Initialization, bool Trainable = true)
{
    /// <summary>Number of values.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>
    /// The parameters of networks that are trained together, each shared one once, in the order of first appearance.
    /// </summary>
    /// <param name="graphs">Networks whose parameters of equal names are the same.</param>
    /// <exception cref="ArgumentException">Two networks give one name different shapes, or one trains what the other
    /// keeps as a buffer.</exception>
    public static IReadOnlyList<ParameterSpec> Union(params IEnumerable<NetworkGraph> graphs)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        var owners = new Dictionary<string, (ParameterSpec Spec, string Graph)>(StringComparer.Ordinal);
        var union = new List<ParameterSpec>();
        foreach (var graph in graphs)
        {
            foreach (var spec in graph.Parameters)
            {
                if (!owners.TryGetValue(spec.Name, out var first))
                {
                    owners.Add(spec.Name, (spec, graph.Name));
                    union.Add(spec);
                }
                else if (!first.Spec.Shape.AsSpan().SequenceEqual(spec.Shape) || first.Spec.Trainable != spec.Trainable)
                {
                    throw new ArgumentException(
                        $"Parameter '{spec.Name}' cannot be shared: it is {first.Spec} in network '{first.Graph}' " +
                        $"and {spec} in network '{graph.Name}'; give one of the two layers another name.");
                }
            }
        }

        return union;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Trainable ? "a weight" : "a buffer")} of shape {WeightArray.Describe(Shape)}";
}
