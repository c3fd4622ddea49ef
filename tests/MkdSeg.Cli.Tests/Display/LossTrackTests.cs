using MkdSeg.Cli.Display;

namespace MkdSeg.Cli.Tests.Display;

public class LossTrackTests
{
    [Test]
    public void The_mean_follows_the_last_hundred_values_or_so()
    {
        var track = new LossTrack();
        for (var i = 1; i <= 100; i++)
            track.Add(i);
        Assert.That((track.Latest, track.Mean), Is.EqualTo((100.0, 50.5)).Within(1e-9));
        for (var i = 0; i < 500; i++)
            track.Add(7);
        // 0.99^500 of the difference is left.
        Assert.That(track.Mean, Is.EqualTo(7 + (43.5 * Math.Pow(0.99, 500))).Within(1e-9));
    }

    [Test]
    public void The_course_becomes_coarser_and_never_longer()
    {
        var track = new LossTrack();
        for (var i = 1; i <= 16; i++)
            track.Add(i);
        Assert.That(track.Course, Is.EqualTo(Enumerable.Range(1, 16)));
        track.Add(17);
        Assert.That(track.Course, Is.EqualTo(new[] { 1.5, 3.5, 5.5, 7.5, 9.5, 11.5, 13.5, 15.5 }));
        track.Add(18);
        Assert.That(track.Course[^1], Is.EqualTo(17.5));
        for (var i = 19; i <= 40; i++)
            track.Add(i);
        // Spans of four from the beginning: 1 to 4, 5 to 8, ..., 37 to 40.
        Assert.That(track.Course, Is.EqualTo(Enumerable.Range(0, 10).Select(i => (4 * i) + 2.5)));
    }
}
