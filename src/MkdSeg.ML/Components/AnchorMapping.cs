using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Components;

/// <summary>Supplies the text column that an expression must have as its input, whatever columns the data has.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class AnchorMapping : CustomMappingFactory<NoInput, AnchorOutput>
{
    public const string Contract = "MkdSeg.Anchor";

    public override Action<NoInput, AnchorOutput> GetMapping() => static (_, output) => output.Anchor = default;
}
