using MkdSeg.Training.Running;

namespace MkdSeg.Training.Torch;

/// <summary>
/// Decides how the threads of GNU OpenMP, which libtorch computes with, wait for each other, thousands of times per
/// iteration. On an idle machine they should spin, which is fastest. Alongside other processes they should sleep, since a
/// spinning thread takes the processor that the thread it waits for needs. OpenMP itself spins only briefly while it has more
/// threads than processors, so as long as others need processors, it gets additional threads that do nothing.
/// A user who sets GOMP_SPINCOUNT or OMP_WAIT_POLICY has decided, and keeps that setting.
/// </summary>
internal sealed class WaitingThreads : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly int _threads;
    private readonly ManualResetEventSlim _disposed = new();
    private readonly Thread? _observer;
    private SleepingTeam? _team;

    /// <summary>Observes the machine until disposed.</summary>
    /// <param name="threads">Threads that training computes with.</param>
    public WaitingThreads(int threads)
    {
        _threads = threads;
        if (!OperatingSystem.IsLinux() || threads == 1 || UserDecides)
            return;
        if (TorchLibraries.FindFunction("GOMP_parallel") is not { } parallel
            || TorchLibraries.FindFunction("free") is not { } free)
        {
            return;
        }

        _observer = new(() => Observe(parallel, free)) { IsBackground = true, Name = "Observer of the machine's load" };
        _observer.Start();
    }

    /// <summary>Whether waiting threads sleep, since the machine is busy.</summary>
    public bool Sleep => _team is not null;

    private static bool UserDecides => Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null
        || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null;

    public void Dispose()
    {
        _disposed.Set();
        _observer?.Join();
        _team?.Dispose();
        _disposed.Dispose();
    }

    /// <summary>Returns whether threads should sleep.</summary>
    /// <param name="threads">Threads that training computes with.</param>
    /// <param name="processors">Processors of the machine.</param>
    /// <param name="busy">Processors that other processes keep busy, on average; NaN if not known.</param>
    /// <param name="asleep">Whether threads sleep now: a load at the limit must not change this every second.</param>
    internal static bool ShouldSleep(int threads, int processors, double busy, bool asleep) =>
        threads + busy - processors > (asleep ? 0.1 : 0.2);

    private void Observe(nint parallel, nint free)
    {
        var load = new MachineLoad();
        while (!_disposed.Wait(Interval))
        {
            var sleep = ShouldSleep(_threads, MachineLoad.Processors, load.Busy, Sleep);
            if (sleep && _team is null)
            {
                // OpenMP counts all but the owner: with training's two or more, this makes more threads than processors.
                _team = new(parallel, free, MachineLoad.Processors);
            }
            else if (!sleep)
            {
                _team?.Dispose();
                _team = null;
            }

            load = new();
        }
    }

    /// <summary>
    /// Threads that OpenMP counts and that sleep until disposed: the team of a parallel region that has ended. It exists as
    /// long as the thread that ran the region.
    /// </summary>
    private sealed unsafe class SleepingTeam : IDisposable
    {
        private readonly ManualResetEventSlim _disposed = new();
        private readonly Thread _owner;

        public SleepingTeam(nint parallel, nint free, int size)
        {
            var run = (delegate* unmanaged<nint, nint, uint, uint, void>)parallel;
            _owner = new(() =>
            {
                // The region must do nothing, as free does with a null pointer.
                run(free, 0, (uint)size, 0);
                _disposed.Wait();
            })
            {
                IsBackground = true,
                Name = "OpenMP's sleeping team",
            };
            _owner.Start();
        }

        public void Dispose()
        {
            _disposed.Set();
            _owner.Join();
            _disposed.Dispose();
        }
    }
}
