using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Experiments.Diagnosis;

/// <summary>
/// Measures how good a segmentor's probabilities are as soft targets. All but Dice is computed over the voxels that the
/// annotation or the segmentor assigns to a structure: the easy background would hide everything else.
/// </summary>
internal sealed class TeacherStatistics(int classCount)
{
    private const int Bins = 15;

    private readonly List<double> _dice = [];
    private readonly long[] _voxels = new long[Bins];
    private readonly double[] _confidence = new double[Bins];
    private readonly long[] _correct = new long[Bins];
    private double _entropy;

    /// <summary>Mean over volumes and structures, in three dimensions on the networks' grid.</summary>
    public double MeanDice => _dice.Average();

    /// <summary>Share of voxels whose most probable class is the annotated one.</summary>
    public double Accuracy => (double)_correct.Sum() / Count;

    /// <summary>Mean probability of the most probable class; equal to <see cref="Accuracy"/> if calibrated.</summary>
    public double Confidence => _confidence.Sum() / Count;

    /// <summary>Expected calibration error over 15 bins of equal width (Guo et al., ICML 2017), 0 to 1.</summary>
    public double CalibrationError =>
        Enumerable.Range(0, Bins).Sum(bin => Math.Abs(_correct[bin] - _confidence[bin])) / Count;

    /// <summary>Mean entropy −Σ p ln p in nats; 0 if certain, ln K if every class is equally probable.</summary>
    public double Entropy => _entropy / Count;

    private long Count => _voxels.Sum();

    /// <summary>Adds a volume; its annotation is on the grid of the probabilities.</summary>
    public void Add(ProbabilityVolume probabilities, Volume<byte> annotation)
    {
        var predicted = probabilities.ArgMax();
        _dice.Add(Dice.PerStructure(predicted, annotation, classCount).Where(value => !double.IsNaN(value)).Average());
        var length = annotation.Grid.Size.SliceLength;
        for (var z = 0; z < annotation.Grid.Size.Z; z++)
        {
            var slice = probabilities.Slice(z);
            for (var i = 0; i < length; i++)
            {
                var (label, truth) = (predicted.Voxels[(z * length) + i], annotation.Voxels[(z * length) + i]);
                if (label != 0 || truth != 0)
                    AddVoxel(slice, length, i, label, truth);
            }
        }
    }

    private void AddVoxel(ReadOnlySpan<float> slice, int length, int at, byte label, byte truth)
    {
        for (var k = 0; k < classCount; k++)
        {
            if (slice[(k * length) + at] is > 0 and var p)
                _entropy -= p * Math.Log(p);
        }

        var confidence = slice[(label * length) + at];
        var bin = Math.Min((int)(confidence * Bins), Bins - 1);
        _voxels[bin]++;
        _confidence[bin] += confidence;
        if (label == truth)
            _correct[bin]++;
    }
}
