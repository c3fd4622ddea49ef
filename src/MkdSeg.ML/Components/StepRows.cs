using Microsoft.ML.Data;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Components;

// What a saved custom mapping keeps is its contract's name alone: neither options nor the names of columns. So every
// step reads and writes columns under the fixed names below; a chain around it copies from and to the user's columns.

/// <summary>The fixed column names between the links of a step's chain.</summary>
internal static class StepColumnNames
{
    public const string Prefix = "__mkdseg_";
    public const string Anchor = Prefix + "anchor";
    public const string Options = Prefix + "options";
    public const string Input = Prefix + "input";
    public const string SecondInput = Input + "1";
    public const string Network = Prefix + "network";
    public const string Values = Prefix + "values";
    public const string Output = Prefix + "output";
}

/// <summary>What every step reads: its options, as text that a link before it supplies.</summary>
internal abstract class StepInput
{
    [ColumnName(StepColumnNames.Options)]
    public ReadOnlyMemory<char> Options { get; set; }
}

internal sealed class NoInput;

internal sealed class AnchorOutput
{
    [ColumnName(StepColumnNames.Anchor)]
    public ReadOnlyMemory<char> Anchor { get; set; }
}

internal sealed class TextInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    public ReadOnlyMemory<char> Value { get; set; }
}

internal sealed class VolumeInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [VolumeType]
    public Volume<float> Value { get; set; } = null!;
}

internal sealed class VolumeAndBoxInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [VolumeType]
    public Volume<float> Value { get; set; } = null!;

    [ColumnName(StepColumnNames.SecondInput)]
    [HeartBoxType]
    public HeartBox Box { get; set; } = null!;
}

internal sealed class ClassVolumeInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ClassVolumeType]
    public Volume<byte> Value { get; set; } = null!;
}

internal sealed class ProbabilityInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value { get; set; } = null!;
}

internal sealed class VolumeOutput
{
    [ColumnName(StepColumnNames.Output)]
    [VolumeType]
    public Volume<float> Value { get; set; } = null!;
}

internal sealed class ClassVolumeOutput
{
    [ColumnName(StepColumnNames.Output)]
    [ClassVolumeType]
    public Volume<byte> Value { get; set; } = null!;
}

internal sealed class ProbabilityOutput
{
    [ColumnName(StepColumnNames.Output)]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value { get; set; } = null!;
}

internal sealed class BoxOutput
{
    [ColumnName(StepColumnNames.Output)]
    [HeartBoxType]
    public HeartBox Value { get; set; } = null!;
}

internal sealed class ProbabilityAndVolumeInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ProbabilityVolumeType]
    public ProbabilityVolume Value { get; set; } = null!;

    [ColumnName(StepColumnNames.SecondInput)]
    [VolumeType]
    public Volume<float> Original { get; set; } = null!;
}

internal sealed class ClassVolumeAndVolumeInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ClassVolumeType]
    public Volume<byte> Value { get; set; } = null!;

    [ColumnName(StepColumnNames.SecondInput)]
    [VolumeType]
    public Volume<float> Original { get; set; } = null!;
}

internal sealed class ClassVolumeAndTextInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [ClassVolumeType]
    public Volume<byte> Value { get; set; } = null!;

    [ColumnName(StepColumnNames.SecondInput)]
    public ReadOnlyMemory<char> Text { get; set; }
}

internal sealed class VolumeAndTextInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [VolumeType]
    public Volume<float> Value { get; set; } = null!;

    [ColumnName(StepColumnNames.SecondInput)]
    public ReadOnlyMemory<char> Text { get; set; }
}

internal sealed class SegmentationInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [SegmentationType]
    public Segmentation Value { get; set; } = null!;
}

internal sealed class SegmentationOutput
{
    [ColumnName(StepColumnNames.Output)]
    [SegmentationType]
    public Segmentation Value { get; set; } = null!;
}

internal sealed class ValuesInput : StepInput
{
    [ColumnName(StepColumnNames.Input)]
    [VectorType]
    public float[] Values { get; set; } = [];
}

internal sealed class TextOutput
{
    [ColumnName(StepColumnNames.Output)]
    public ReadOnlyMemory<char> Value { get; set; }
}

internal sealed class ValuesOutput
{
    [ColumnName(StepColumnNames.Output)]
    [VectorType]
    public float[] Values { get; set; } = [];
}

internal sealed class ValueOutput
{
    [ColumnName(StepColumnNames.Output)]
    public float Value { get; set; }
}
