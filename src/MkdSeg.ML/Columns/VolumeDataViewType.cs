using Microsoft.ML.Data;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Columns;

/// <summary>The column type of intensity volumes; values are <see cref="Volume{T}"/> of <see cref="float"/>.</summary>
/// <remarks>
/// It is a primitive type on purpose: Cache, ShuffleRows and AppendCacheCheckpoint drop columns of other custom types.
/// Values are passed by reference; a step never changes the volume that it was given.
/// </remarks>
public sealed class VolumeDataViewType : PrimitiveDataViewType
{
    private VolumeDataViewType()
        : base(typeof(Volume<float>))
    {
    }

    /// <summary>The only instance.</summary>
    public static VolumeDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is VolumeDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VolumeDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(VolumeDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "Volume";
}

/// <summary>Marks a member of type <see cref="Volume{T}"/> of <see cref="float"/> as a column of volumes.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VolumeTypeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(VolumeDataViewType.Instance, typeof(Volume<float>), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is VolumeTypeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VolumeTypeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(VolumeTypeAttribute).GetHashCode();
}
