using System.Diagnostics;
using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Training;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Methods;
using static TorchSharp.torch;

namespace MkdSeg.TrainingBenchmark;

/// <summary>
/// One MKD iteration of the phantom preset here and in reference.py, on batches of the same size. The two take turns in
/// one run, so that whatever else the machine does falls on both.
/// </summary>
internal static class IterationBenchmark
{
    private const int ClassCount = 8;
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
        var options = TrainingPresets.Phantom;
        var device = ComputeDevice.Open(DeviceKind.Cpu, threads);
        using var mkd = new MutualKnowledgeDistillation(new(options, ClassCount, device), options);
        using var scope = NewDisposeScope();
        var batch = RandomBatch(options, device);
        using var reference = StartReference(python, options, threads);
        double Own(int count)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < count; i++)
            {
                using var step = NewDisposeScope();
                mkd.Step(batch, new(1e-3, 1e-3)).Read();
            }

            return watch.Elapsed.TotalSeconds / count;
        }

        double Python(int count)
        {
            reference.StandardInput.WriteLine(count);
            reference.StandardInput.Flush();
            var answer = reference.StandardOutput.ReadLine()
                ?? throw new UserErrorException($"{python} ended without an answer; run benchmarks/training-iteration/"
                    + "reference.py --iterations 3 with it to see why.");
            return double.Parse(answer, CultureInfo.InvariantCulture);
        }

        Own(WarmUp);
        Python(WarmUp);
        var (own, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            own.Add(Own(iterations));
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
            ("--classes", ClassCount), ("--ngf", options.Generator.Width), ("--blocks", options.Generator.Blocks),
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

    private static TrainingBatch RandomBatch(TrainingOptions options, Device device)
    {
        var random = new SeededRandom(1);
        var (count, side) = (options.BatchSize, options.Target.PatchSize);
        Tensor Image() => tensor(
            [.. Enumerable.Range(0, count * side * side).Select(_ => (float)random.Uniform(-1, 1))],
            [count, 1, side, side],
            device: device);
        Tensor OneHot()
        {
            var values = new float[count * ClassCount * side * side];
            for (var i = 0; i < count * side * side; i++)
            {
                var (sample, pixel) = Math.DivRem(i, side * side);
                values[(((sample * ClassCount) + random.NextInt(ClassCount)) * side * side) + pixel] = 1;
            }

            return tensor(values, [count, ClassCount, side, side], device: device);
        }

        return new(Image(), OneHot(), Image(), OneHot());
    }
}
