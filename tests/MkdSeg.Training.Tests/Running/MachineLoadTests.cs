using System.Diagnostics;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

public class MachineLoadTests
{
    [TestCase(2, 2, 0.4, null)]
    [TestCase(1, 2, 2.0, null)]
    [TestCase(2, 2, 1.0, 1)]
    [TestCase(2, 2, 2.0, 1)]
    [TestCase(16, 16, 3.2, 13)]
    // In a container with four of 16 processors, where twelve are at work.
    [TestCase(4, 16, 12.0, null)]
    [TestCase(4, 16, 13.6, 2)]
    public void As_many_threads_are_advised_as_have_a_processor(int threads, int processors, double busy, int? advised)
    {
        var advice = MachineLoad.Advice(threads, processors, busy);
        if (advised is null)
            Assert.That(advice, Is.Null);
        else
            Assert.That(advice, Does.Contain($"of {processors} processors busy").And.Contain($"--threads {advised} "));
    }

    [Test]
    public void Time_that_is_idle_or_waits_for_a_disk_is_not_busy()
    {
        string[] statistics =
        [
            "cpu  1000 200 300 90000 7000 40 60 5 10 0",
            "cpu0 500 100 150 45000 3500 20 30 2 5 0",
            "cpu1 500 100 150 45000 3500 20 30 3 5 0",
            "intr 12345 1 2 3",
        ];
        Assert.That(MachineLoad.BusySeconds(statistics), Is.EqualTo(16).Within(1e-9));
        Assert.That(MachineLoad.CountProcessors(statistics), Is.EqualTo(2));
    }

    [Test]
    [Platform("Linux")]
    public void The_work_of_this_process_is_no_load()
    {
        var processors = Environment.ProcessorCount;
        var before = Environment.CpuUsage.TotalTime;
        var load = new MachineLoad();
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, processors).Select(_ => new Thread(() =>
        {
            while (watch.Elapsed < TimeSpan.FromSeconds(1))
            {
                // At work.
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        var own = (Environment.CpuUsage.TotalTime - before).TotalSeconds / watch.Elapsed.TotalSeconds;
        Assert.That(load.Busy, Is.LessThan(processors - own + 0.3));
    }

    [Test]
    [Platform("Linux")]
    public void Busy_neighbours_are_a_load()
    {
        using var neighbours = new BusyProcesses(Environment.ProcessorCount);
        var load = new MachineLoad();
        Thread.Sleep(1000);

        Assert.That(load.Advice(threads: 2), Does.Contain("--threads 1 "));
    }
}
