using MkdSeg.Cli.Display;

namespace MkdSeg.Cli.Tests.Display;

public class SpeedometerTests
{
    [Test]
    public void One_iteration_has_no_speed()
    {
        var speed = new Speedometer();
        Assert.That(speed.PerSecond, Is.Null);
        speed.Add(TimeSpan.FromSeconds(3), 1);
        Assert.That(speed.PerSecond, Is.Null);
    }

    [Test]
    public void Half_a_minute_counts()
    {
        var speed = new Speedometer();
        for (var i = 0; i < 100; i++)
            speed.Add(TimeSpan.FromSeconds(i), i);
        for (var i = 1; i <= 400; i++)
            speed.Add(TimeSpan.FromSeconds(99 + (i * 0.1)), 99 + i);
        Assert.That(speed.PerSecond, Is.EqualTo(10).Within(1e-6));
    }

    [Test]
    public void Iterations_of_minutes_have_a_speed()
    {
        var speed = new Speedometer();
        for (var i = 0; i < 5; i++)
            speed.Add(TimeSpan.FromMinutes(2 * i), i);
        Assert.That(speed.PerSecond, Is.EqualTo(1 / 120.0).Within(1e-9));
    }

    [Test]
    public void It_can_begin_anew()
    {
        var speed = new Speedometer();
        speed.Add(TimeSpan.FromSeconds(1), 900);
        speed.Restart();
        speed.Add(TimeSpan.FromSeconds(2), 1);
        speed.Add(TimeSpan.FromSeconds(4), 5);
        Assert.That(speed.PerSecond, Is.EqualTo(2));
    }
}
