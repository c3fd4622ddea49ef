using Microsoft.ML.Data;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Components;

/// <summary>
/// Rows of up to eight inputs of one kind; a step with fewer is given its first one in the places that it does not use.
/// </summary>
internal static class SeveralInputs
{
    public const int Capacity = 8;

    /// <summary>The columns of a row class, one for each of its places.</summary>
    /// <exception cref="UserErrorException">Not 1 to 8 columns.</exception>
    public static IEnumerable<(string Name, DataViewType Type)> Columns(
        string step, IReadOnlyList<string> names, DataViewType type, int fewest = 1)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count >= fewest && names.Count <= Capacity
            ? Enumerable.Range(0, Capacity).Select(i => (names[i < names.Count ? i : 0], type))
            : throw new UserErrorException(
                $"{step}: {names.Count} input columns were named; it takes {fewest} to {Capacity}.");
    }
}

/// <summary>Probabilities of several segmentors.</summary>
internal sealed class ProbabilitiesInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value0 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "1")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value1 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "2")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value2 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "3")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value3 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "4")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value4 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "5")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value5 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "6")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value6 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "7")]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value7 { get; set; } = null!;

    public ProbabilityVolume[] First(int count) =>
        ((ProbabilityVolume[])[Value0, Value1, Value2, Value3, Value4, Value5, Value6, Value7])[..count];
}

/// <summary>Masks of several segmentors.</summary>
internal sealed class ClassVolumesInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ClassVolumeType]
    public Volume<byte> Value0 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "1")]
    [ClassVolumeType]
    public Volume<byte> Value1 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "2")]
    [ClassVolumeType]
    public Volume<byte> Value2 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "3")]
    [ClassVolumeType]
    public Volume<byte> Value3 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "4")]
    [ClassVolumeType]
    public Volume<byte> Value4 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "5")]
    [ClassVolumeType]
    public Volume<byte> Value5 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "6")]
    [ClassVolumeType]
    public Volume<byte> Value6 { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "7")]
    [ClassVolumeType]
    public Volume<byte> Value7 { get; set; } = null!;

    public Volume<byte>[] First(int count) =>
        ((Volume<byte>[])[Value0, Value1, Value2, Value3, Value4, Value5, Value6, Value7])[..count];
}

/// <summary>A volume, and networks as base64.</summary>
internal sealed class VolumeAndNetworksInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [VolumeType]
    public Volume<float> Volume { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "1")]
    public ReadOnlyMemory<char> Value0 { get; set; }

    [ColumnName(StepColumnNames.Input + "2")]
    public ReadOnlyMemory<char> Value1 { get; set; }

    [ColumnName(StepColumnNames.Input + "3")]
    public ReadOnlyMemory<char> Value2 { get; set; }

    [ColumnName(StepColumnNames.Input + "4")]
    public ReadOnlyMemory<char> Value3 { get; set; }

    [ColumnName(StepColumnNames.Input + "5")]
    public ReadOnlyMemory<char> Value4 { get; set; }

    [ColumnName(StepColumnNames.Input + "6")]
    public ReadOnlyMemory<char> Value5 { get; set; }

    [ColumnName(StepColumnNames.Input + "7")]
    public ReadOnlyMemory<char> Value6 { get; set; }

    [ColumnName(StepColumnNames.Input + "8")]
    public ReadOnlyMemory<char> Value7 { get; set; }

    public ReadOnlyMemory<char>[] First(int count) =>
        ((ReadOnlyMemory<char>[])[Value0, Value1, Value2, Value3, Value4, Value5, Value6, Value7])[..count];
}

/// <summary>A prepared volume, the volume as it was read, and networks as base64.</summary>
internal sealed class TwoVolumesAndNetworksInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [VolumeType]
    public Volume<float> Volume { get; set; } = null!;

    [ColumnName(StepColumnNames.SecondInput)]
    [VolumeType]
    public Volume<float> Original { get; set; } = null!;

    [ColumnName(StepColumnNames.Input + "2")]
    public ReadOnlyMemory<char> Value0 { get; set; }

    [ColumnName(StepColumnNames.Input + "3")]
    public ReadOnlyMemory<char> Value1 { get; set; }

    [ColumnName(StepColumnNames.Input + "4")]
    public ReadOnlyMemory<char> Value2 { get; set; }

    [ColumnName(StepColumnNames.Input + "5")]
    public ReadOnlyMemory<char> Value3 { get; set; }

    [ColumnName(StepColumnNames.Input + "6")]
    public ReadOnlyMemory<char> Value4 { get; set; }

    [ColumnName(StepColumnNames.Input + "7")]
    public ReadOnlyMemory<char> Value5 { get; set; }

    [ColumnName(StepColumnNames.Input + "8")]
    public ReadOnlyMemory<char> Value6 { get; set; }

    [ColumnName(StepColumnNames.Input + "9")]
    public ReadOnlyMemory<char> Value7 { get; set; }

    public ReadOnlyMemory<char>[] First(int count) =>
        ((ReadOnlyMemory<char>[])[Value0, Value1, Value2, Value3, Value4, Value5, Value6, Value7])[..count];
}
