using MkdSeg.Bundles;
using MkdSeg.Metrics;
using MkdSeg.Training.Torch;
using MkdSeg.Volumes;
using static TorchSharp.torch;

namespace MkdSeg.Training.Validation;

/// <summary>Scores segmentors, alone and together, on volumes that they do not learn from.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="classCount">Number of classes with background.</param>
/// <param name="batchSize">Slices that pass a network at once.</param>
public sealed class Validator(IReadOnlyList<ValidationVolume> volumes, int classCount, int batchSize)
{
    /// <summary>The volumes.</summary>
    public IReadOnlyList<ValidationVolume> Volumes => volumes;

    /// <summary>
    /// Dice in three dimensions on the network frame, per structure, averaged over the volumes: of each segmentor, and of
    /// the mean of their probabilities where there are several.
    /// </summary>
    /// <param name="segmentors">The segmentors of the target modality.</param>
    /// <param name="device">Where they are.</param>
    /// <returns>By prediction, the ensemble last; NaN for a structure that neither annotation nor mask has in any volume.</returns>
    public IReadOnlyList<ValidationScore> Score(IReadOnlyList<TrainedNetwork> segmentors, Device device)
    {
        ArgumentNullException.ThrowIfNull(segmentors);
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
            var slices = image.Voxels.AsSpan(z * size.SliceLength, count * size.SliceLength).ToArray();
            var x = tensor(slices, [count, 1, size.Y, size.X], device: device);
            Tensor? sum = null;
            for (var i = 0; i < segmentors.Count; i++)
            {
                var p = segmentors[i].PredictWithoutGradient(x).P;
                Keep(p, masks[i]);
                sum = sum is null ? p : sum.add(p);
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
