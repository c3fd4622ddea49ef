using System.Diagnostics;
using MkdSeg.Training.Running;
using MkdSeg.Training.Tests.Running;
using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Tests.Torch;

public class WaitingThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase(2, 2, 0.05, false, false)]
    [TestCase(2, 2, 0.15, false, false)]
    [TestCase(2, 2, 0.15, true, true)]
    [TestCase(2, 2, 0.05, true, false)]
    [TestCase(2, 2, 1.0, false, true)]
    [TestCase(4, 16, 12.0, false, false)]
    [TestCase(4, 16, 12.5, false, true)]
    [TestCase(2, 2, double.NaN, true, false)]
    public void Threads_sleep_if_others_need_their_processors(
        int threads, int processors, double busy, bool asleep, bool expected) =>
        Assert.That(WaitingThreads.ShouldSleep(threads, processors, busy, asleep), Is.EqualTo(expected));

    [Test]
    [Platform("Linux")]
    public void Alongside_busy_processes_OpenMP_has_more_threads_than_processors()
    {
        Assume.That(Environment.GetEnvironmentVariable("GOMP_SPINCOUNT"), Is.Null);
        Assume.That(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"), Is.Null);
        using var neighbours = new BusyProcesses(Environment.ProcessorCount);
        var before = TeamThreads();
        // As many threads as the machine has processors, of which a container may be able to keep only a few busy.
        using (var waiting = new WaitingThreads(Math.Max(2, MachineLoad.Processors)))
        {
            WaitUntil(() => waiting.Sleep && TeamThreads() == before + MachineLoad.Processors);
        }

        // The system ends them a moment after .NET does.
        WaitUntil(() => TeamThreads() == before);
    }

    [Test]
    [Platform("Linux")]
    public void One_thread_waits_for_none()
    {
        using var neighbours = new BusyProcesses(Environment.ProcessorCount);
        using var waiting = new WaitingThreads(threads: 1);
        Thread.Sleep(2500);

        Assert.That(waiting.Sleep, Is.False);
    }

    // OpenMP's threads inherit the name of the thread that starts them, of which Linux keeps 15 characters.
    private static int TeamThreads() => Directory.GetDirectories("/proc/self/task")
        .Count(task => ReadName(task).StartsWith("OpenMP's sleep", StringComparison.Ordinal));

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // The thread has ended.
            return "";
        }
    }

    private static void WaitUntil(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Patience));
            Thread.Sleep(50);
        }
    }
}
