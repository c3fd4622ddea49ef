using Microsoft.ML.Data;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Columns;

/// <summary>The column type of class probabilities; values are <see cref="ProbabilityVolume"/>.</summary>
/// <remarks>
/// It is a primitive type on purpose: Cache, ShuffleRows and AppendCacheCheckpoint drop columns of other custom types.
/// Values are passed by reference; a step never changes the volume that it was given.
/// </remarks>
public sealed class ProbabilityVolumeDataViewType : PrimitiveDataViewType
{
    private ProbabilityVolumeDataViewType()
        : base(typeof(ProbabilityVolume))
    {
    }

    /// <summary>The only instance.</summary>
    public static ProbabilityVolumeDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is ProbabilityVolumeDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ProbabilityVolumeDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ProbabilityVolumeDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "ProbabilityVolume";
}

/// <summary>Marks a member of type <see cref="ProbabilityVolume"/> as a column of class probabilities.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ProbabilityVolumeTypeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(ProbabilityVolumeDataViewType.Instance, typeof(ProbabilityVolume), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is ProbabilityVolumeTypeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ProbabilityVolumeTypeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ProbabilityVolumeTypeAttribute).GetHashCode();
}
