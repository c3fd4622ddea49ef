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

/// <summary>The measurements.</summary>
/// <param name="Size">Size of a volume in voxels.</param>
/// <param name="OwnSeconds">Seconds for the folder in each round.</param>
/// <param name="PythonSeconds">The same for the Python script.</param>
/// <param name="Dice">Dice between the masks of both, mean over cases and structures.</param>
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
/// Scores the same folder here and with reference.py, alternately and with the same networks, from files to files. Both use
/// the whole volume, because typical scripts have no heart locator.
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
                    continue; // Warm-up: just-in-time compilation, files in the system cache.
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
                    $"{python} exited without an answer; its message is above. It needs torch, onnx, nibabel and scipy.");
                return double.Parse(answer, CultureInfo.InvariantCulture);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // Phantoms with slices as large as those of a clinical CT.
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
