using System.Diagnostics;
using System.Globalization;

namespace MkdSeg.Training.Running;

/// <summary>
/// Measures how many processors other processes have kept busy since this object was created. Threads that wait for each
/// other many times per iteration lose far more to a busy neighbour than the processor time that it uses.
/// </summary>
internal sealed class MachineLoad
{
    private const string StatisticsFile = "/proc/stat";

    // Linux reports processor time in these units, whatever its clock rate.
    private const double TicksPerSecond = 100;

    // A shorter measurement cannot tell a neighbour from a process that is just starting.
    private static readonly TimeSpan ShortestMeasurement = TimeSpan.FromSeconds(0.5);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _others = OthersSeconds();

    /// <summary>Processors that others have kept busy, on average; NaN if the system does not report it, or too early.</summary>
    public double Busy => File.Exists(StatisticsFile) && _watch.Elapsed is var elapsed && elapsed >= ShortestMeasurement
        ? (OthersSeconds() - _others) / elapsed.TotalSeconds
        : double.NaN;

    /// <summary>Processors of the machine; a container may have fewer.</summary>
    public static int Processors { get; } = File.Exists(StatisticsFile)
        ? CountProcessors(File.ReadLines(StatisticsFile))
        : Environment.ProcessorCount;

    /// <summary>Returns advice to use fewer threads; null if each thread has a processor, or the load is unknown.</summary>
    public string? Advice(int threads) => Busy is >= 0 and var busy
        ? Advice(threads, Processors, busy)
        : null;

    /// <summary>Returns the advice for a number of processors, of which others keep <paramref name="busy"/> busy.</summary>
    internal static string? Advice(int threads, int processors, double busy)
    {
        var advised = Math.Max(1, (int)Math.Round(processors - busy));
        return advised < threads
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Other processes keep {busy:0.0} of {processors} processors busy, so {threads} threads would wait for each other; --threads {advised} is faster until those processes end.")
            : null;
    }

    /// <summary>Returns the seconds that processors have been busy since system start, from the lines of /proc/stat.</summary>
    internal static double BusySeconds(IEnumerable<string> statistics)
    {
        // "cpu", then ticks in user mode, nice, kernel, idle, waiting for I/O, in two kinds of interrupts, stolen.
        var fields = statistics.First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new[] { 1, 2, 3, 6, 7 }.Sum(at => double.Parse(fields[at], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Returns the number of processors, from the lines of /proc/stat.</summary>
    internal static int CountProcessors(IEnumerable<string> statistics) =>
        statistics.Skip(1).TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).Count();

    private static double OthersSeconds() => File.Exists(StatisticsFile)
        ? BusySeconds(File.ReadLines(StatisticsFile)) - Environment.CpuUsage.TotalTime.TotalSeconds
        : 0;
}
