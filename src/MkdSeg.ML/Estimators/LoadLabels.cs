using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Labels;
using MkdSeg.Volumes.IO;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Reads label files and maps their values to class indices.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a file |
/// | Output column data type | ClassVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadLabelsEstimator : StepEstimator<LoadLabelsTransformer>
{
    internal LoadLabelsEstimator(TransformsCatalog catalog, string output, string input, LabelSet labels)
        : this(
            catalog,
            new("LoadLabels", [StepColumn.Input(input, TextDataViewType.Instance)],
                StepColumn.Output(output, ClassVolumeDataViewType.Instance)),
            new LoadLabelsMapping.Options([.. labels.Structures]))
    {
    }

    private LoadLabelsEstimator(TransformsCatalog catalog, StepSignature signature, LoadLabelsMapping.Options options)
        : base(StepChain.Create(catalog, signature, new LoadLabelsMapping(), options), signature)
    {
    }

    private protected override LoadLabelsTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Reads label files, see <see cref="LoadLabelsEstimator"/>.</summary>
public sealed class LoadLabelsTransformer : StepTransformer
{
    internal LoadLabelsTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LoadLabels")]
internal sealed class LoadLabelsMapping : StepMapping<LoadLabelsMapping.Options, TextInput, ClassVolumeOutput>
{
    protected override Action<TextInput, ClassVolumeOutput> Bind(Options options, IReadOnlyList<byte[]> payloads)
    {
        var labels = new LabelSet(options.Structures);
        return (input, output) =>
        {
            var path = input.Value.ToString();
            output.Value = labels.ToClasses(VolumeFile.ReadLabels(path), path);
        };
    }

    internal sealed record Options(Structure[] Structures);
}
