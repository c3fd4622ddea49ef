using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Transforms;

/// <summary>Values of several columns of one type in one column, because a row class has a fixed number of members.</summary>
internal sealed record Several<T>(T[] Items);

internal sealed class SeveralOutput<T>
{
    [ColumnName(StepColumns.Several)]
    public Several<T> Items { get; set; } = null!;
}

internal sealed class MoreInput<T> : StepInput<T>
{
    [ColumnName(StepColumns.Several)]
    public Several<T> Items { get; set; } = null!;
}

internal abstract class FirstMapping<T>()
    : StepMapping<StepInput<T>, SeveralOutput<T>>((input, output) => output.Items = new([input.Value]));

internal abstract class MoreMapping<T>() : StepMapping<MoreInput<T>, SeveralOutput<T>>(
    (input, output) => output.Items = new([.. input.Items.Items, input.Value]));

internal sealed class GatheredInput<T> : StepInput, IConfigured
{
    [ColumnName(StepColumns.Several)]
    public Several<T> Items { get; set; } = null!;

    [ColumnName(StepColumns.Options)]
    public ReadOnlyMemory<char> Options { get; set; }
}

[CustomMappingFactoryAttribute("MkdSeg.FirstLabelMap")]
internal sealed class FirstLabelMapMapping : FirstMapping<Volume<byte>>;

[CustomMappingFactoryAttribute("MkdSeg.MoreLabelMaps")]
internal sealed class MoreLabelMapsMapping : MoreMapping<Volume<byte>>;

[CustomMappingFactoryAttribute("MkdSeg.FirstProbabilities")]
internal sealed class FirstProbabilitiesMapping : FirstMapping<ProbabilityVolume>;

[CustomMappingFactoryAttribute("MkdSeg.MoreProbabilities")]
internal sealed class MoreProbabilitiesMapping : MoreMapping<ProbabilityVolume>;
