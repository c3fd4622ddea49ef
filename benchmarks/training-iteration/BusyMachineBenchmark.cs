using System.Diagnostics;
using System.Globalization;
using MkdSeg.Training.Torch;

namespace MkdSeg.TrainingBenchmark;

/// <summary>
/// Measures how much of its speed training keeps alongside a busy process, and what <see cref="WaitingThreads"/>, which
/// ensures this, costs on an idle machine. Each figure comes from a separate process, since GNU OpenMP reads its settings
/// when it is loaded; the settings alternate, so that other load on the machine affects all of them.
/// </summary>
internal static class BusyMachineBenchmark
{
    private const string Default = "GNU OpenMP's default";
    private const string Ours = "MkdSeg";

    // Training must have noticed the neighbour, which takes up to two seconds.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    // GOMP_SPINCOUNT; null: MkdSeg decides. 300 000 is libgomp's default unless it has more threads than processors.
    private static readonly (string Name, string? SpinCount)[] Settings = [(Default, "300000"), (Ours, null)];

    /// <summary>Prints iterations per second, alone and alongside a busy process, and the relevant ratios.</summary>
    public static void Run(int threads, int rounds, int iterations)
    {
        var speeds = Settings.ToDictionary(
            setting => setting.Name, _ => (Alone: new List<double>(), Busy: new List<double>()));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, spinCount) in Settings)
                speeds[name].Alone.Add(Measure(threads, iterations, spinCount));
            using var busy = Spin();
            foreach (var (name, spinCount) in Settings)
                speeds[name].Busy.Add(Measure(threads, iterations, spinCount));
            busy.Kill();
            busy.WaitForExit();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"MKD iterations per second, phantom preset, {threads} threads on {Environment.ProcessorCount} processors, median of {rounds} rounds"));
        Console.WriteLine("                        alone   alongside a busy process");
        foreach (var (name, (alone, busy)) in speeds)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-22} {Median(alone),6:0.00}   {Median(busy),6:0.00} ({Median(busy) / Median(speeds[Default].Alone):0%} of the default alone)"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Alone, MkdSeg keeps {Median(speeds[Ours].Alone) / Median(speeds[Default].Alone):0%} of the default's speed."));
    }

    /// <summary>Runs in the measured process and prints its iterations per second.</summary>
    public static void MeasureHere(int threads, int iterations)
    {
        using var own = new OwnIterations(threads);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < WarmUp)
            own.Seconds(1);
        Console.WriteLine((1 / own.Seconds(iterations)).ToString("r", CultureInfo.InvariantCulture));
    }

    private static double Measure(int threads, int iterations, string? spinCount)
    {
        using var process = Start(
            ["--measure", "--threads", $"{threads}", "--iterations", $"{iterations}"], spinCount);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    private static Process Spin() => Start(["--spin"], null);

    private static Process Start(string[] arguments, string? spinCount)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // The host alone, or `dotnet` with the assembly.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(BusyMachineBenchmark).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (spinCount is not null)
            start.Environment["GOMP_SPINCOUNT"] = spinCount;
        return Process.Start(start)!;
    }

    private static double Median(IEnumerable<double> values) => IterationBenchmark.Result.Median(values);
}
