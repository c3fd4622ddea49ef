using MkdSeg.Metrics;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>Scores segmentors, alone and together, on volumes that they do not learn from.</summary>
internal sealed class Validator(
    IReadOnlyList<ValidationVolume> volumes, int classCount, int batchSize, SliceContext context)
{
    /// <summary>
    /// Computes Dice in three dimensions on the network's grid, per structure, averaged over the volumes: of each segmentor,
    /// and last of the mean of their probabilities if there are several. NaN for a structure that is in neither annotation nor
    /// mask of any volume.
    /// </summary>
    public IReadOnlyList<ValidationScore> Score(IReadOnlyList<TrainedNetwork> segmentors, Device device)
    {
        string[] names = [.. segmentors.Select(segmentor => segmentor.Role)];
        names = names.Length > 1 ? [.. names, NetworkRoles.Ensemble] : names;
        var dice = names.Select(_ => new List<double[]>()).ToArray();
        foreach (var volume in volumes)
        {
            var masks = names.Select(_ => new Volume<byte>(volume.Classes.Grid)).ToArray();
            Segment(volume.Image, segmentors, device, masks);
            for (var i = 0; i < names.Length; i++)
                dice[i].Add(Dice.PerStructure(masks[i], volume.Classes, classCount));
        }

        return [.. names.Zip(dice, (name, cases) => new ValidationScore(name, MeanOverCases(cases)))];
    }

    private void Segment(
        Volume<float> image, IReadOnlyList<TrainedNetwork> segmentors, Device device, Volume<byte>[] masks)
    {
        var size = image.Grid.Size;
        for (var z = 0; z < size.Z; z += batchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(batchSize, size.Z - z);
            var length = context.Slices * size.SliceLength;
            var slices = new float[count * length];
            for (var i = 0; i < count; i++)
                context.Gather(image, z + i, slices.AsSpan(i * length, length));
            var x = tensor(slices, [count, context.Slices, size.Y, size.X], device: device);
            Tensor? sum = null;
            for (var i = 0; i < segmentors.Count; i++)
            {
                var p = segmentors[i].PredictWithoutGradient(x).P;
                Keep(p, masks[i]);
                sum = sum is null ? p : sum + p;
            }

            if (segmentors.Count > 1)
                Keep(sum!, masks[^1]);

            void Keep(Tensor probabilities, Volume<byte> mask)
            {
                var classes = probabilities.argmax(1).to_type(ScalarType.Byte).cpu().contiguous();
                classes.data<byte>().ToArray().CopyTo(mask.Voxels, z * size.SliceLength);
            }
        }
    }

    private double[] MeanOverCases(List<double[]> cases) =>
    [
        .. Enumerable.Range(0, classCount - 1).Select(i =>
            cases.Select(dice => dice[i]).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average()),
    ];
}

/// <summary>An annotated target volume as the networks see it, cropped around the annotation; intensities in [-1, 1].</summary>
internal sealed record ValidationVolume(string CaseId, Volume<float> Image, Volume<byte> Classes)
{
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Prepares a volume as for inference, except that it is always cropped around the annotation.</summary>
    public static ValidationVolume Of(
        string caseId, Volume<float> image, Volume<byte> classes, PreprocessingOptions options)
    {
        var (prepared, framed) = Preprocessor.PrepareLabelled(image, classes, options with { Crop = CropRule.Label });
        return new(caseId, prepared, framed);
    }
}

/// <summary>Dice of a segmentor's role or "ensemble" per structure, averaged over volumes; NaN if absent from all.</summary>
internal sealed record ValidationScore(string Prediction, IReadOnlyList<double> Dice)
{
    /// <summary>The mean over the structures that are present.</summary>
    public double Mean { get; } = Dice.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>Records the iteration with the highest mean Dice of all segmentors together, the earliest if equal.</summary>
internal sealed class BestModel : ICheckpointed
{
    /// <summary>The best iteration; 0 before the first validation.</summary>
    public long Iteration { get; private set; }

    public double MeanDice { get; private set; } = double.NegativeInfinity;

    /// <summary>Evaluates a validation; true if it is the best so far.</summary>
    public bool Offer(long iteration, IReadOnlyList<ValidationScore> scores)
    {
        // The ensemble is last; a single segmentor is its own ensemble.
        if (!(scores[^1].Mean > MeanDice))
            return false;
        (Iteration, MeanDice) = (iteration, scores[^1].Mean);
        return true;
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("iteration", Iteration);
        writer.Write("dice", MeanDice);
    }

    public void Load(CheckpointReader reader)
    {
        Iteration = reader.Read<long>("iteration");
        MeanDice = reader.Read<double>("dice");
    }
}
