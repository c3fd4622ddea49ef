namespace MkdSeg.Preprocessing;

/// <summary>The two frame pixels beside a voxel along one axis, and the second one's weight.</summary>
internal readonly record struct Neighbours(int First, int Second, float Weight, bool Inside)
{
    private const double SnapTolerance = 1e-5;

    public int Nearest => Weight < 0.5f ? First : Second;

    public static Neighbours[] Along(int voxels, int pixels, double first, double step)
    {
        var result = new Neighbours[voxels];
        for (var i = 0; i < voxels; i++)
        {
            var position = first + (i * step);
            if (position < -0.5 - SnapTolerance || position > pixels - 0.5 + SnapTolerance)
                continue;
            position = Math.Clamp(position, 0, pixels - 1);
            var nearest = Math.Round(position);
            if (Math.Abs(position - nearest) < SnapTolerance)
                position = nearest;
            var below = (int)Math.Floor(position);
            result[i] = new(below, Math.Min(below + 1, pixels - 1), (float)(position - below), true);
        }

        return result;
    }
}
