using Microsoft.ML.Data;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Columns;

/// <summary>The column type of where hearts lie; values are <see cref="HeartBox"/>.</summary>
/// <remarks>
/// It is a primitive type on purpose: Cache, ShuffleRows and AppendCacheCheckpoint drop columns of other custom types.
/// Values are passed by reference; boxes cannot be changed.
/// </remarks>
public sealed class HeartBoxDataViewType : PrimitiveDataViewType
{
    private HeartBoxDataViewType()
        : base(typeof(HeartBox))
    {
    }

    /// <summary>The only instance.</summary>
    public static HeartBoxDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is HeartBoxDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HeartBoxDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(HeartBoxDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "HeartBox";
}

/// <summary>Marks a member of type <see cref="HeartBox"/> as a column of boxes.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class HeartBoxTypeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(HeartBoxDataViewType.Instance, typeof(HeartBox), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is HeartBoxTypeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HeartBoxTypeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(HeartBoxTypeAttribute).GetHashCode();
}
