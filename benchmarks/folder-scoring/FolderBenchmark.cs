using System.Diagnostics;
using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.Metrics;
using MkdSeg.Phantom;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.FolderScoringBenchmark;

/// <summary>What was measured.</summary>
/// <param name="Size">Voxels of a volume.</param>
/// <param name="OwnSeconds">Seconds for the folder, round by round.</param>
/// <param name="PythonSeconds">The same of the Python script.</param>
/// <param name="Dice">How far the masks of both agree, mean over cases and structures.</param>
internal sealed record BenchmarkResult(
    GridSize Size, IReadOnlyList<double> OwnSeconds, IReadOnlyList<double> PythonSeconds, double Dice)
{
    /// <summary>Throughput as a multiple of the script's: the median of the rounds' ratios.</summary>
    public double Ratio => Median(PythonSeconds.Zip(OwnSeconds, (python, own) => python / own));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>
/// The same folder scored here and by reference.py with the same networks, in turns, from files to files. Both take the whole
/// volume, because a heart's locator is not of the usual kind.
/// </summary>
internal static class FolderBenchmark
{
    public static BenchmarkResult Run(string python, string model, int threads, int cases, int side, int rounds)
    {
        var work = Directory.CreateTempSubdirectory("mkdseg-benchmark-").FullName;
        try
        {
            var input = Path.Combine(work, "in");
            var size = MakeVolumes(work, input, cases, side);
            var bundle = ModelBundle.Load(model);
            var scorer = new FolderScorer(bundle, new()
            {
                Crop = CropRule.Whole,
                FillHolesUpToMl = 0,
                Force = true,
                Inference = new() { Device = "cpu", Threads = threads },
            });
            using var reference = Start(python, model, threads);
            var (ownOutput, pythonOutput) = (Path.Combine(work, "own"), Path.Combine(work, "python"));
            var (own, theirs) = (new List<double>(), new List<double>());
            for (var round = -1; round < rounds; round++)
            {
                var ownTime = Own();
                var pythonTime = Python();
                if (round < 0)
                    continue; // Warm-up: just-in-time compilation, files in the system's cache.
                own.Add(ownTime);
                theirs.Add(pythonTime);
            }

            reference.StandardInput.Close();
            reference.WaitForExit();
            return new(size, own, theirs, Agreement(bundle, ownOutput, pythonOutput));

            double Own()
            {
                var watch = Stopwatch.StartNew();
                var summary = scorer.Score(input, ownOutput);
                return summary.WrittenCount == cases
                    ? watch.Elapsed.TotalSeconds
                    : throw new UserErrorException($"A case of the benchmark failed: see {summary.ResultsFile}.");
            }

            double Python()
            {
                reference.StandardInput.WriteLine($"{input}\t{pythonOutput}");
                reference.StandardInput.Flush();
                var answer = reference.StandardOutput.ReadLine() ?? throw new UserErrorException(
                    $"{python} ended without an answer; its message stands above. It needs torch, onnx, nibabel and scipy.");
                return double.Parse(answer, CultureInfo.InvariantCulture);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // Phantoms, with slices of a clinical CT's size.
    private static GridSize MakeVolumes(string work, string input, int cases, int side)
    {
        var manifest = PhantomDataset.Write(
            Path.Combine(work, "phantom"), new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = cases });
        var size = default(GridSize);
        foreach (var entry in manifest.Cases)
        {
            var phantom = VolumeFile.ReadIntensities(manifest.ImagePath(entry));
            var (from, spacing) = (phantom.Grid.Size, phantom.Grid.SpacingMm);
            size = new(side, side, from.Z);
            var volume = new Volume<float>(new(
                size,
                new(spacing.X * from.X / side, spacing.Y * from.Y / side, spacing.Z),
                phantom.Grid.OriginMm,
                phantom.Grid.Direction));
            for (var i = 0; i < volume.Voxels.Length; i++)
            {
                var (x, y, z) = (i % side * from.X / side, i / side % side * from.Y / side, i / (side * side));
                volume.Voxels[i] = phantom[x, y, z];
            }

            VolumeFile.Write(volume, Path.Combine(input, $"{entry.Id}.nii.gz"));
        }

        return size;
    }

    private static double Agreement(ModelBundle bundle, string own, string python)
    {
        var labels = bundle.LabelSet;
        return Directory.EnumerateFiles(python).SelectMany(path => Dice.PerStructure(
            labels.ToClasses(VolumeFile.ReadLabels(Path.Combine(own, Path.GetFileName(path))), path),
            labels.ToClasses(VolumeFile.ReadLabels(path), path),
            labels.ClassCount)).Where(double.IsFinite).Average();
    }

    private static Process Start(string python, string model, int threads)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "reference.py"), "--model", model, "--threads",
            threads.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new UserErrorException($"{python} could not be started.");
    }
}
