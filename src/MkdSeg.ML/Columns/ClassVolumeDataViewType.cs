using Microsoft.ML.Data;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Columns;

/// <summary>
/// The column type of class volumes (one class index per voxel, 0 is background); values are <see cref="Volume{T}"/> of
/// <see cref="byte"/>.
/// </summary>
/// <remarks>
/// It is a primitive type on purpose: Cache, ShuffleRows and AppendCacheCheckpoint drop columns of other custom types.
/// Values are passed by reference; a step never changes the volume that it was given.
/// </remarks>
public sealed class ClassVolumeDataViewType : PrimitiveDataViewType
{
    private ClassVolumeDataViewType()
        : base(typeof(Volume<byte>))
    {
    }

    /// <summary>The only instance.</summary>
    public static ClassVolumeDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is ClassVolumeDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ClassVolumeDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ClassVolumeDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "ClassVolume";
}

/// <summary>Marks a member of type <see cref="Volume{T}"/> of <see cref="byte"/> as a column of class volumes.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ClassVolumeTypeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(ClassVolumeDataViewType.Instance, typeof(Volume<byte>), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is ClassVolumeTypeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ClassVolumeTypeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ClassVolumeTypeAttribute).GetHashCode();
}
