namespace MkdSeg.Cli.Display;

/// <summary>What is remembered of a loss: the latest value, a running mean, a coarse course from the beginning.</summary>
internal sealed class LossTrack
{
    /// <summary>The course has half as many points to this many.</summary>
    public const int MostPoints = 16;

    // The mean of all values at first, later each new one has this share of it.
    private const int MeanOver = 100;

    private readonly List<double> _course = [];
    private long _count;
    private long _perPoint = 1;
    private long _inPoint;
    private double _sum;

    /// <summary>The last value.</summary>
    public double Latest { get; private set; }

    /// <summary>The running mean over about a hundred iterations.</summary>
    public double Mean { get; private set; }

    /// <summary>Means over equal spans of iterations.</summary>
    public IReadOnlyList<double> Course => _course;

    /// <summary>Takes the value of an iteration into account.</summary>
    public void Add(double value)
    {
        Latest = value;
        Mean += (value - Mean) / Math.Min(++_count, MeanOver);
        _sum += value;
        if (++_inPoint < _perPoint)
            return;
        _course.Add(_sum / _perPoint);
        (_sum, _inPoint) = (0, 0);
        if (_course.Count > MostPoints)
            Halve();
    }

    // The one point too many begins the next span, twice as long as before.
    private void Halve()
    {
        var last = _course[^1];
        for (var i = 0; i < MostPoints / 2; i++)
            _course[i] = (_course[2 * i] + _course[(2 * i) + 1]) / 2;
        _course.RemoveRange(MostPoints / 2, _course.Count - (MostPoints / 2));
        (_sum, _inPoint) = (last * _perPoint, _perPoint);
        _perPoint *= 2;
    }
}
