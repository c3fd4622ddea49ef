using System.Collections;

namespace Microsoft.ML.Data;

public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;

    // How many of the values are stored: all (dense, no indices), or those at the first `_count` indices.
    private readonly int _count;
    internal readonly T[] StoredValues;
    internal readonly int[] StoredIndices;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length)
            throw new ArgumentException($"A buffer of length {length} cannot hold {count} values.", nameof(count));
        if (count > (values?.Length ?? 0))
            throw new ArgumentException($"{count} values announced, {values?.Length ?? 0} given.", nameof(values));
        if (count < length && count > (indices?.Length ?? 0))
            throw new ArgumentException($"{count} indices announced, {indices?.Length ?? 0} given.", nameof(indices));
        Length = length;
        _count = count;
        StoredValues = values;
        StoredIndices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => StoredValues.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : StoredIndices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (var i = 0; i < _count; i++)
            target[StoredIndices[i]] = StoredValues[i];
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (all)
            return DenseValues().Select((value, index) => new KeyValuePair<int, T>(index, value));
        var (values, indices, dense) = (StoredValues, StoredIndices, IsDense);
        return Enumerable.Range(0, _count).Select(i => new KeyValuePair<int, T>(dense ? i : indices[i], values[i]));
    }

    public IEnumerable<T> DenseValues()
    {
        var next = 0;
        for (var index = 0; index < Length; index++)
        {
            if (IsDense)
                yield return StoredValues[index];
            else
                yield return next < _count && StoredIndices[next] == index ? StoredValues[next++] : default;
        }
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        if (IsDense)
            return StoredValues[index];
        var position = GetIndices().BinarySearch(index);
        return position >= 0 ? StoredValues[position] : default;
    }

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();
}
