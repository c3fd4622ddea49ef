namespace MkdSeg.Preprocessing;

/// <summary>Resampling weights along one axis: linear, widened to a triangle of the output spacing if that is coarser.</summary>
internal sealed class AxisWeights
{
    private const double SnapTolerance = 1e-5;
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly float[] _weights;
    private readonly int _maxTaps;

    public AxisWeights(int inputSize, int outputSize, double first, double step)
    {
        var halfWidth = Math.Max(1, step);
        _maxTaps = (2 * (int)Math.Ceiling(halfWidth)) + 1;
        _first = new int[outputSize];
        _count = new int[outputSize];
        _weights = new float[outputSize * _maxTaps];
        var exact = new double[_maxTaps];
        for (var i = 0; i < outputSize; i++)
        {
            var position = first + (i * step);
            var nearest = Math.Round(position);
            if (Math.Abs(position - nearest) < SnapTolerance)
                position = nearest;
            if (position < -0.5 || position > inputSize - 0.5)
                continue;
            // The outermost voxels extend half a voxel beyond their centres.
            position = Math.Clamp(position, 0, inputSize - 1);
            var low = Math.Max(0, (int)Math.Floor(position - halfWidth) + 1);
            var high = Math.Min(inputSize - 1, (int)Math.Ceiling(position + halfWidth) - 1);
            var sum = 0.0;
            for (var j = low; j <= high; j++)
            {
                exact[j - low] = 1 - (Math.Abs(j - position) / halfWidth);
                sum += exact[j - low];
            }

            _first[i] = low;
            _count[i] = high - low + 1;
            for (var j = 0; j < _count[i]; j++)
                _weights[(i * _maxTaps) + j] = (float)(exact[j] / sum);
        }
    }

    public int Length => _first.Length;

    public int First(int i) => _first[i];

    /// <summary>Returns the weights of input voxels from <see cref="First"/>, summing to 1; empty outside the input.</summary>
    public ReadOnlySpan<float> At(int i) => _weights.AsSpan(i * _maxTaps, _count[i]);

    /// <summary>Returns the range of input voxels that output voxels read: the first and one past the last.</summary>
    public (int From, int To) Range()
    {
        var (from, to) = (int.MaxValue, 0);
        for (var i = 0; i < Length; i++)
        {
            if (_count[i] == 0)
                continue;
            from = Math.Min(from, _first[i]);
            to = Math.Max(to, _first[i] + _count[i]);
        }

        return (Math.Min(from, to), to);
    }
}
