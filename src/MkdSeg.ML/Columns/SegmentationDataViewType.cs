using Microsoft.ML.Data;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Columns;

/// <summary>The column type of what ensembles found; values are <see cref="Segmentation"/>.</summary>
/// <remarks>
/// It is a primitive type on purpose: Cache, ShuffleRows and AppendCacheCheckpoint drop columns of other custom types.
/// Values are passed by reference; a step never changes what it was given.
/// </remarks>
public sealed class SegmentationDataViewType : PrimitiveDataViewType
{
    private SegmentationDataViewType()
        : base(typeof(Segmentation))
    {
    }

    /// <summary>The only instance.</summary>
    public static SegmentationDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is SegmentationDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SegmentationDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(SegmentationDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "Segmentation";
}

/// <summary>Marks a member of type <see cref="Segmentation"/> as a column of what ensembles found.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class SegmentationTypeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(SegmentationDataViewType.Instance, typeof(Segmentation), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is SegmentationTypeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SegmentationTypeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(SegmentationTypeAttribute).GetHashCode();
}
