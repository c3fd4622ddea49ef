using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Ensembling;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Measures how well the masks of several segmentors agree on each structure: the Dice coefficient, averaged over all pairs
/// of them. It needs no annotation, and a low value marks a case as doubtful. NaN where none of them has the structure.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | LabelMap, two columns or more |
/// | Output column data type | Vector of Single in [0, 1], a slot for each structure with its name as slot name |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where the volumes have different sizes or a voxel's class is none of the structures. Structures' names must
/// not be names of columns of the data.
/// </remarks>
public sealed class MeasureAgreementEstimator : StepEstimator
{
    internal MeasureAgreementEstimator(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, LabelSet labels)
        : base(Create(catalog, output, inputs, labels))
    {
    }

    private static Step Create(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, LabelSet labels)
    {
        const string name = "MeasureAgreement";
        if (inputs.Count < 2)
            throw new UserErrorException($"{name}: {inputs.Count} columns were named; agreement is between two or more.");
        var links = new Links(catalog).Gather(inputs, areProbabilities: false);
        links.NamedVector(output, [.. labels.Structures.Select(structure => structure.Name)], start => links
            .Options(new MeasureOptions(labels.ClassCount, start))
            .Map(new MeasureAgreementMapping()));
        return new(
            name, [.. inputs.Select(input => (StepColumn)(input, VolumeColumnTypes.LabelMap))], links, output);
    }
}

[CustomMappingFactoryAttribute("MkdSeg.MeasureAgreement")]
internal sealed class MeasureAgreementMapping()
    : ConfiguredMapping<MeasureOptions, GatheredInput<Volume<byte>>, ScalarsOutput>((options, _) => (input, output) =>
        output.Set(options.Part(Agreement.PerStructure(input.Items.Items, options.ClassCount))));
