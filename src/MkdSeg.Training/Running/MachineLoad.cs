using System.Diagnostics;
using System.Globalization;

namespace MkdSeg.Training.Running;

/// <summary>
/// How many processors other processes keep busy, from its making on. Threads that wait for each other many times in an
/// iteration lose far more to a busy neighbour than the processor time that it takes.
/// </summary>
internal sealed class MachineLoad
{
    private const string StatisticsFile = "/proc/stat";

    // Linux counts processor time in these, whatever its clock.
    private const double TicksPerSecond = 100;

    // Too little to tell a neighbour from a process that is just starting.
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(0.5);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _others = OthersSeconds();

    /// <summary>Processors that others have kept busy, on average; NaN where the system does not tell, or not yet.</summary>
    public double Busy => File.Exists(StatisticsFile) && _watch.Elapsed is var elapsed && elapsed >= ShortestMeasurement
        ? (OthersSeconds() - _others) / elapsed.TotalSeconds
        : double.NaN;

    /// <summary>A sentence that advises fewer threads; null where every thread has a processor, or nothing is known.</summary>
    public string? Advice(int threads) => Busy is >= 0 and var busy
        ? Advice(threads, Processors(File.ReadLines(StatisticsFile)), busy)
        : null;

    /// <summary>The same for processors of which others keep a number busy.</summary>
    internal static string? Advice(int threads, int processors, double busy)
    {
        var advised = Math.Max(1, (int)Math.Round(processors - busy));
        return advised < threads
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Other processes keep {busy:0.0} of {processors} processors busy: {threads} threads would wait for each other, --threads {advised} is faster until they end.")
            : null;
    }

    /// <summary>Seconds that processors have worked since the system started, from the lines of /proc/stat.</summary>
    internal static double BusySeconds(IEnumerable<string> statistics)
    {
        // "cpu", then ticks in user mode, niced, in the kernel, idle, waiting for disks, in interrupts of two kinds, stolen.
        var fields = statistics.First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new[] { 1, 2, 3, 6, 7 }.Sum(at => double.Parse(fields[at], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Processors of the machine, of which a container may have fewer.</summary>
    internal static int Processors(IEnumerable<string> statistics) =>
        statistics.Skip(1).TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).Count();

    private static double OthersSeconds() => File.Exists(StatisticsFile)
        ? BusySeconds(File.ReadLines(StatisticsFile)) - Environment.CpuUsage.TotalTime.TotalSeconds
        : 0;
}
