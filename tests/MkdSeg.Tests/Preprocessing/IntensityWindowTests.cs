using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class IntensityWindowTests
{
    [Test]
    public void MapsLinearlyAndClips()
    {
        var window = new IntensityWindow { LowerValue = -200, UpperValue = 600 };

        Assert.That(
            Apply(window, -1000, -200, 0, 200, 600, 3000), Is.EqualTo(new[] { -1f, -1, -0.5f, 0, 1, 1 }).Within(1e-6f));
    }

    [Test]
    public void CtEndsAtThe98thPercentile()
    {
        // 0 … 100: the 98th percentile is 98, the fixed lower end -200.
        var values = Enumerable.Range(0, 101).Select(i => (float)i).ToArray();

        Assert.That(IntensityWindow.Ct.Limits(values), Is.EqualTo((-200.0, 98.0)));
        Assert.That(IntensityWindow.Mr.Limits(values), Is.EqualTo((1.0, 98.0)));
    }

    [Test]
    public void AConstantVolumeIsDark() =>
        Assert.That(Apply(IntensityWindow.Mr, 7, 7, 7), Is.All.EqualTo(-1f));

    [Test]
    public void AVolumeOfAirBelowTheFixedEndIsDark() =>
        Assert.That(Apply(IntensityWindow.Ct, -1000, -990, -980), Is.All.EqualTo(-1f));

    [Test]
    public void NaNIsDarkAndDoesNotCount() =>
        Assert.That(
            Apply(new() { UpperPercentile = 100 }, 0, float.NaN, 10, 5),
            Is.EqualTo(new[] { -1f, -1, 1, 0 }).Within(1e-6f));

    private static float[] Apply(IntensityWindow window, params float[] values)
    {
        window.ApplyInPlace(values);
        return values;
    }
}
