using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.Data;

/// <summary>A payload of the user's own, kept by reference.</summary>
public sealed class Payload(int size)
{
    public int Size { get; } = size;
}

/// <summary>A column type of the user's own that caching and shuffling keep.</summary>
public sealed class PayloadDataViewType : PrimitiveDataViewType
{
    private PayloadDataViewType()
        : base(typeof(Payload))
    {
    }

    public static PayloadDataViewType Instance { get; } = new();

    public override bool Equals(DataViewType? other) => other is PayloadDataViewType;

    public override int GetHashCode() => 17;
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class PayloadTypeAttribute : DataViewTypeAttribute
{
    public override bool Equals(DataViewTypeAttribute? other) => other is PayloadTypeAttribute;

    public override int GetHashCode() => 23;

    public override void Register() =>
        DataViewTypeManager.Register(PayloadDataViewType.Instance, typeof(Payload), this);
}

public sealed class Picture
{
}

/// <summary>A column type as images have it, which caching and shuffling lose.</summary>
public sealed class PictureDataViewType : StructuredDataViewType
{
    public PictureDataViewType()
        : base(typeof(Picture))
    {
    }

    public override bool Equals(DataViewType? other) => other is PictureDataViewType;

    public override int GetHashCode() => 29;
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class PictureTypeAttribute : DataViewTypeAttribute
{
    public override bool Equals(DataViewTypeAttribute? other) => other is PictureTypeAttribute;

    public override int GetHashCode() => 31;

    public override void Register() => DataViewTypeManager.Register(new PictureDataViewType(), typeof(Picture), this);
}

public sealed class Case
{
    public string Id { get; set; } = "";

    public float Weight { get; set; }

    [VectorType(3)]
    public float[] Features { get; set; } = [0, 0, 0];

    public string[] Tags { get; set; } = [];

    [PayloadType]
    public Payload? Payload { get; set; }

    [ColumnName("Renamed")]
    public int Count { get; set; }

    [NoColumn]
    public string Ignored { get; set; } = "";

    public static Case[] Some(int count) => Enumerable.Range(0, count).Select(i => new Case
    {
        Id = $"case{i}",
        Weight = i,
        Features = [i, i + 1, i + 2],
        Tags = [$"a{i}", "b"],
        Payload = new Payload(i),
        Count = 10 * i,
    }).ToArray();
}

public sealed class CaseWithPicture
{
    public string Id { get; set; } = "";

    [PictureType]
    public Picture Picture { get; set; } = new();
}
