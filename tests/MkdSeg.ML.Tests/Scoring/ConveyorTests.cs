using System.Collections.Concurrent;
using MkdSeg.ML.Scoring;

namespace MkdSeg.ML.Tests.Scoring;

public class ConveyorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public void Stages_work_at_the_same_time_and_no_item_overtakes_another()
    {
        // Each stage waits until all three are at work, which would never happen one after the other.
        using var together = new Barrier(3);
        var seen = new ConcurrentQueue<int>();
        Conveyor.Run(
            Enumerable.Range(0, 5),
            (item, _) => Meet(item == 3),
            (item, _) => Meet(item == 2),
            (item, _) =>
            {
                Meet(item == 1);
                seen.Enqueue(item);
            });
        Assert.That(seen, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));

        void Meet(bool now)
        {
            if (now)
                Assert.That(together.SignalAndWait(Patience), "the stages do not overlap");
        }
    }

    [Test]
    public void Items_are_taken_as_they_are_needed()
    {
        var (taken, most, passed) = (0, 0, 0);
        Conveyor.Run(
            Source(),
            (_, _) => { },
            (_, _) => { },
            (_, _) =>
            {
                most = Math.Max(most, Volatile.Read(ref taken) - passed);
                passed++;
                Thread.Sleep(5);
            });
        Assert.That((passed, most), Is.EqualTo((20, most)));
        Assert.That(most, Is.LessThanOrEqualTo(6), "one in each stage, one between two, one at hand");

        IEnumerable<int> Source()
        {
            for (var i = 0; i < 20; i++)
            {
                Interlocked.Increment(ref taken);
                yield return i;
            }
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void An_error_in_any_stage_ends_all_of_them(int failing)
    {
        Action<int, CancellationToken>[] stages =
        [
            .. Enumerable.Range(0, 3).Select<int, Action<int, CancellationToken>>(index => (item, _) =>
            {
                if (index == failing && item == 2)
                    throw new InvalidOperationException("two");
            }),
        ];
        Assert.That(
            () => Conveyor.Run(Enumerable.Range(0, int.MaxValue), stages),
            Throws.InvalidOperationException.With.Message.EqualTo("two"));
    }

    [Test]
    public void An_error_ends_the_waiting_of_other_stages()
    {
        Assert.That(
            () => Conveyor.Run(
                [1, 2],
                (item, stop) =>
                {
                    if (item == 2)
                        stop.WaitHandle.WaitOne(Patience);
                    stop.ThrowIfCancellationRequested();
                },
                (_, _) => throw new InvalidOperationException("no")),
            Throws.InvalidOperationException);
    }
}
