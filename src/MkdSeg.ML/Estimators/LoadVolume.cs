using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Volumes.IO;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Reads volume files. A file is read when a cursor asks for the volume, once per row.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a file |
/// | Output column data type | Volume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadVolumeEstimator : StepEstimator<LoadVolumeTransformer>
{
    internal LoadVolumeEstimator(TransformsCatalog catalog, string output, string input)
        : this(
            catalog,
            new("LoadVolume", [StepColumn.Input(input, TextDataViewType.Instance)],
                StepColumn.Output(output, VolumeDataViewType.Instance)))
    {
    }

    private LoadVolumeEstimator(TransformsCatalog catalog, StepSignature signature)
        : base(StepChain.Create(catalog, signature, new LoadVolumeMapping(), new NoOptions()), signature)
    {
    }

    private protected override LoadVolumeTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Reads volume files, see <see cref="LoadVolumeEstimator"/>.</summary>
public sealed class LoadVolumeTransformer : StepTransformer
{
    internal LoadVolumeTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LoadVolume")]
internal sealed class LoadVolumeMapping : StepMapping<NoOptions, TextInput, VolumeOutput>
{
    protected override Action<TextInput, VolumeOutput> Bind(NoOptions options, IReadOnlyList<byte[]> payloads) =>
        (input, output) => output.Value = VolumeFile.ReadIntensities(input.Value.ToString());
}
