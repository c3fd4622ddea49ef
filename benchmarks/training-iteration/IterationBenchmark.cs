using System.Diagnostics;
using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Training.Running;

namespace MkdSeg.TrainingBenchmark;

/// <summary>
/// Compares one MKD iteration of the phantom preset here and in reference.py, on batches of the same size. The two
/// alternate in one run, so that other load on the machine affects both.
/// </summary>
internal static class IterationBenchmark
{
    private const int WarmUp = 3;

    /// <summary>Seconds per iteration in every round.</summary>
    public sealed record Result(IReadOnlyList<double> OwnSeconds, IReadOnlyList<double> PythonSeconds)
    {
        /// <summary>The median of the rounds' ratios, ours to Python's.</summary>
        public double Ratio => Median(OwnSeconds.Zip(PythonSeconds, (own, python) => own / python));

        public static double Median(IEnumerable<double> values)
        {
            double[] sorted = [.. values.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public static Result Run(string python, int threads, int rounds, int iterations)
    {
        using var ours = new OwnIterations(threads);
        using var reference = StartReference(python, ours.Options, threads);
        double Python(int count)
        {
            reference.StandardInput.WriteLine(count);
            reference.StandardInput.Flush();
            var answer = reference.StandardOutput.ReadLine()
                ?? throw new UserErrorException($"{python} exited without an answer; run benchmarks/training-iteration/"
                    + "reference.py --iterations 3 with it to see why.");
            return double.Parse(answer, CultureInfo.InvariantCulture);
        }

        ours.Seconds(WarmUp);
        Python(WarmUp);
        var (own, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            own.Add(ours.Seconds(iterations));
            theirs.Add(Python(iterations));
        }

        reference.StandardInput.Close();
        reference.WaitForExit();
        return new(own, theirs);
    }

    private static Process StartReference(string python, TrainingOptions options, int threads)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        (string, int)[] arguments =
        [
            ("--threads", threads), ("--patch", options.Target.PatchSize), ("--batch", options.BatchSize),
            ("--classes", OwnIterations.ClassCount), ("--ngf", options.Generator.Width), ("--blocks", options.Generator.Blocks),
            ("--ndf", options.Discriminator.Width), ("--base", options.Segmentor.Filters[0]),
        ];
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "reference.py"));
        foreach (var (name, value) in arguments)
        {
            start.ArgumentList.Add(name);
            start.ArgumentList.Add(value.ToString(CultureInfo.InvariantCulture));
        }

        return Process.Start(start) ?? throw new UserErrorException($"{python} could not be started.");
    }
}
