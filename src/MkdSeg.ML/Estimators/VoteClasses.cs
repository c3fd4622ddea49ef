using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Ensembling;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Lets several segmentors vote on each voxel: the class with the greatest sum of weights. Of classes with equal sums, the
/// one that the first of the inputs found.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ClassVolume, 1 to 8 columns |
/// | Output column data type | ClassVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where the volumes have different sizes.
/// </remarks>
public sealed class VoteClassesEstimator : StepEstimator
{
    private const string Name = "VoteClasses";

    internal VoteClassesEstimator(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, IReadOnlyList<double>? weights)
        : base(Step.Create(
            catalog,
            new(
                Name,
                (output, ClassVolumeDataViewType.Instance),
                SeveralInputs.Columns(Name, inputs, ClassVolumeDataViewType.Instance)),
            new VoteClassesMapping(),
            EnsembleWeights.Of(Name, weights, inputs.Count)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.VoteClasses")]
internal sealed class VoteClassesMapping : StepMapping<EnsembleWeights, ClassVolumesInput, ClassVolumeOutput>
{
    protected override Action<ClassVolumesInput, ClassVolumeOutput> Bind(EnsembleWeights options) =>
        (input, output) => output.Value = Ensemble.Vote(input.First(options.Values.Length), options.Values);
}
