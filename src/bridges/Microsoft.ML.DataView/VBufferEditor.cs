namespace Microsoft.ML.Data;

public static class VBufferEditor
{
    public static VBufferEditor<T> Create<T>(
        ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        var count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, newLogicalLength, nameof(valuesCount));
        var capacity = Math.Max(count, maxValuesCapacity ?? count);

        var values = destination.StoredValues;
        var newValues = (values?.Length ?? 0) < count;
        if (newValues)
            values = Resized(values, capacity, keepOldOnResize);

        var indices = destination.StoredIndices;
        var newIndices = (count < newLogicalLength || requireIndicesOnDense) && (indices?.Length ?? 0) < count;
        if (newIndices)
            indices = Resized(indices, capacity, keepOldOnResize);

        return new VBufferEditor<T>(
            newLogicalLength, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }

    private static TItem[] Resized<TItem>(TItem[] old, int capacity, bool keep)
    {
        var resized = new TItem[capacity];
        if (keep)
            old?.CopyTo(resized, 0);
        return resized;
    }
}

public readonly ref struct VBufferEditor<T>
{
    public readonly Span<T> Values;
    public readonly Span<int> Indices;
    private readonly int _length;
    private readonly int _count;
    private readonly T[] _values;
    private readonly int[] _indices;

    internal VBufferEditor(
        int length, int count, T[] values, int[] indices, bool requireIndices, bool newValues, bool newIndices)
    {
        _length = length;
        _count = count;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count < length || requireIndices ? indices.AsSpan(0, count) : default;
        CreatedNewValues = newValues;
        CreatedNewIndices = newIndices;
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_length, _count, _values, _indices);
}
