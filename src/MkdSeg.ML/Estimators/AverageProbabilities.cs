using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Averages the probabilities of several segmentors, with weights: the ensemble of the paper with equal ones.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume, 1 to 8 columns |
/// | Output column data type | ProbabilityVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class AverageProbabilitiesEstimator : StepEstimator<AverageProbabilitiesTransformer>
{
    internal AverageProbabilitiesEstimator(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, IReadOnlyList<double>? weights)
        : this(
            catalog,
            Signature(output, inputs),
            new AverageProbabilitiesMapping.Options(Checked(weights, inputs.Count)))
    {
    }

    private AverageProbabilitiesEstimator(
        TransformsCatalog catalog, StepSignature signature, AverageProbabilitiesMapping.Options options)
        : base(StepChain.Create(catalog, signature, new AverageProbabilitiesMapping(), options), signature)
    {
    }

    private static StepSignature Signature(string output, IReadOnlyList<string> inputs)
    {
        if (inputs.Count is 0 or > ProbabilitiesInput.Capacity)
        {
            throw new UserErrorException(
                $"AverageProbabilities: {inputs.Count} input columns were named; it takes 1 to "
                + $"{ProbabilitiesInput.Capacity}. Average more in several steps.");
        }

        return new(
            "AverageProbabilities",
            [
                .. Enumerable.Range(0, ProbabilitiesInput.Capacity).Select(i => StepColumn.Input(
                    inputs[i < inputs.Count ? i : 0],
                    ProbabilityVolumeDataViewType.Instance,
                    i == 0 ? StepColumnNames.Input : StepColumnNames.Input + i)),
            ],
            StepColumn.Output(output, ProbabilityVolumeDataViewType.Instance));
    }

    private static double[] Checked(IReadOnlyList<double>? weights, int count)
    {
        if (weights is null)
            return [.. Enumerable.Repeat(1.0, count)];
        try
        {
            Ensemble.CheckWeights(weights, count);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"AverageProbabilities: {error.Message}", error);
        }

        return [.. weights];
    }

    private protected override AverageProbabilitiesTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Averages probabilities, see <see cref="AverageProbabilitiesEstimator"/>.</summary>
public sealed class AverageProbabilitiesTransformer : StepTransformer
{
    internal AverageProbabilitiesTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.AverageProbabilities")]
internal sealed class AverageProbabilitiesMapping
    : StepMapping<AverageProbabilitiesMapping.Options, ProbabilitiesInput, ProbabilityOutput>
{
    protected override Action<ProbabilitiesInput, ProbabilityOutput> Bind(
        Options options, IReadOnlyList<byte[]> payloads) =>
        (input, output) => output.Value = Ensemble.Average(input.First(options.Weights.Length), options.Weights);

    internal sealed record Options(double[] Weights);
}
