using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Components;

/// <summary>Takes one value out of a vector.</summary>
[CustomMappingFactoryAttribute("MkdSeg.Pick")]
internal sealed class PickMapping : StepMapping<PickMapping.Options, ValuesInput, ValueOutput>
{
    protected override Action<ValuesInput, ValueOutput> Bind(Options options) =>
        (input, output) => output.Value = input.Values[options.Index];

    internal sealed record Options(int Index);
}
