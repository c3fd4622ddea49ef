using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// The column types of volumes and what is derived from them. A member of a row class that has one of these .NET types
/// becomes such a column without an attribute.
/// </summary>
/// <remarks>
/// The types are registered with ML.NET when an application first uses this assembly, for example by
/// <c>mlContext.Segmentation()</c>. Values are passed by reference: never modify a volume in a column.
/// </remarks>
public static class VolumeColumnTypes
{
    /// <summary>Intensities, <see cref="Volume{T}"/> of <see cref="float"/>.</summary>
    public static DataViewType Volume => ObjectDataViewType<Volume<float>>.Instance;

    /// <summary>Class indices, <see cref="Volume{T}"/> of <see cref="byte"/>.</summary>
    public static DataViewType LabelMap => ObjectDataViewType<Volume<byte>>.Instance;

    /// <summary>Class probabilities, <see cref="ProbabilityVolume"/>.</summary>
    public static DataViewType Probabilities => ObjectDataViewType<ProbabilityVolume>.Instance;

    /// <summary>Where the heart lies, <see cref="Preprocessing.HeartBox"/>.</summary>
    public static DataViewType HeartBox => ObjectDataViewType<HeartBox>.Instance;

    /// <summary>Registers all types that steps pass to each other.</summary>
#pragma warning disable CA2255 // ML.NET must know the types before it inspects an application's first row class.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        ObjectDataViewType<Volume<float>>.Register("Volume");
        ObjectDataViewType<Volume<byte>>.Register("LabelMap");
        ObjectDataViewType<ProbabilityVolume>.Register("ProbabilityVolume");
        ObjectDataViewType<HeartBox>.Register("HeartBox");
        ObjectDataViewType<HeartSegmentation>.Register("HeartSegmentation");
        ObjectDataViewType<Several<Volume<byte>>>.Register("LabelMaps");
        ObjectDataViewType<Several<ProbabilityVolume>>.Register("ProbabilityVolumes");
    }
}

/// <summary>
/// The column type of objects of a class. It is deliberately a primitive type: Cache, ShuffleRows and AppendCacheCheckpoint
/// silently drop columns of other custom types.
/// </summary>
internal sealed class ObjectDataViewType<T> : PrimitiveDataViewType
    where T : class
{
    private readonly string _name;

    private ObjectDataViewType(string name)
        : base(typeof(T)) => _name = name;

    public static ObjectDataViewType<T> Instance { get; private set; } = null!;

    public static void Register(string name)
    {
        Instance = new(name);
        DataViewTypeManager.Register(Instance, typeof(T));
    }

    public override bool Equals(DataViewType? other) => other is ObjectDataViewType<T>;

    public override bool Equals(object? obj) => obj is ObjectDataViewType<T>;

    public override int GetHashCode() => typeof(T).GetHashCode();

    public override string ToString() => _name;
}
