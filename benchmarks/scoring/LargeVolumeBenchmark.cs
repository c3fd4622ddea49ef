using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ScoringBenchmark;

/// <summary>The measurements on a full-size volume.</summary>
/// <param name="Rounds">Durations in each round: bare sessions, reading and writing alone, and the pipeline.</param>
/// <param name="VolumeMb">Size of the volume in the pipeline, 4 bytes per voxel.</param>
/// <param name="PeakManagedMb">The largest managed heap observed while the pipeline ran, including garbage.</param>
internal sealed record LargeVolumeResult(
    IReadOnlyList<(Duration Bare, Duration Files, Duration Pipeline)> Rounds, double VolumeMb, double PeakManagedMb)
{
    /// <summary>Ratio of the pipeline to bare sessions with reading and writing, median over the rounds.</summary>
    public double Ratio =>
        PipelineBenchmark.Median([.. Rounds.Select(round => round.Pipeline.Wall / (round.Bare.Wall + round.Files.Wall))]);

    /// <summary>The same for processor time, which other programs on the machine affect less.</summary>
    public double CpuRatio =>
        PipelineBenchmark.Median([.. Rounds.Select(round => round.Pipeline.Cpu / (round.Bare.Cpu + round.Files.Cpu))]);

    /// <summary>Peak of the managed heap as a multiple of the volume.</summary>
    public double PeakVolumes => PeakManagedMb / VolumeMb;
}

/// <summary>
/// Compares the ML.NET pipeline, from the file of a CT of 512×512×250 voxels to the file of its mask, with the two bare
/// sessions on its slices plus reading the same file and writing the same mask.
/// </summary>
internal static class LargeVolumeBenchmark
{
    private static readonly GridSize Size = new(512, 512, 250);

    public static LargeVolumeResult Run(InferenceOptions inference, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("mkdseg-benchmark-").FullName;
        try
        {
            var bundle = PipelineBenchmark.WriteBundle(folder);
            var context = new MLContext();
            var model = context.Segmentation().CreatePipeline(bundle, new() { Inference = inference })
                .Append(context.Transforms.SaveLabels("Saved", SegmentationColumns.Mask, new() { Folder = Path.Combine(folder, "masks") }))
                .Fit(context.Data.LoadVolumes([WriteVolume(folder)]));
            var path = Path.Combine(folder, "thorax.nii.gz");
            using var real = new OnnxSegmentor(bundle.ReadNetwork(NetworkRoles.SReal), inference);
            using var bareReal = PipelineBenchmark.OpenBare(bundle.ReadNetwork(NetworkRoles.SReal), real);
            using var bareSyn = PipelineBenchmark.OpenBare(bundle.ReadNetwork(NetworkRoles.SSyn), real);
            var times = new List<(Duration Bare, Duration Files, Duration Pipeline)>();
            var peak = 0L;
            for (var round = 0; round < rounds; round++)
            {
                var pipeline = PipelineBenchmark.Time(() => peak = Math.Max(
                    peak,
                    PeakManaged(() =>
                    {
                        var scored = model.Transform(context.Data.LoadVolumes([path]));
                        _ = scored.GetColumn<string>("Saved").Single();
                    })));
                times.Add((Bare(), Files(), pipeline));
            }

            return new(times, Size.VoxelCount * 4 / 1e6, peak / 1e6);

            Duration Bare()
            {
                var prepared = Preprocessor.Prepare(VolumeFile.ReadIntensities(path), bundle.Preprocessing, null);
                var batchSize = real.BatchSizeFor(prepared.Grid.Size);
                return PipelineBenchmark.Time(() =>
                {
                    PipelineBenchmark.RunBare(bareReal, prepared, batchSize);
                    PipelineBenchmark.RunBare(bareSyn, prepared, batchSize);
                });
            }

            Duration Files()
            {
                var reading = PipelineBenchmark.Time(() => VolumeFile.ReadIntensities(path));
                var mask = VolumeFile.ReadLabels(Path.Combine(folder, "masks", "thorax.nii.gz"));
                var writing = PipelineBenchmark.Time(() => VolumeFile.Write(mask, Path.Combine(folder, "again.nii.gz")));
                return new(reading.Wall + writing.Wall, reading.Cpu + writing.Cpu);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static string Describe(LargeVolumeResult result)
    {
        var rounds = result.Rounds.Select(round => string.Create(
            CultureInfo.InvariantCulture,
            $"bare sessions {round.Bare.Wall:f1} s + files {round.Files.Wall:f1} s, pipeline {round.Pipeline.Wall:f1} s"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Size} voxels, two residual U-Nets on slices of 256×256, from file to file
            {string.Join('\n', rounds)}
            ratio         {result.Ratio:f3}; processor time {result.CpuRatio:f3}
            managed heap  {result.PeakManagedMb:f0} MB at its peak, {result.PeakVolumes:f2} × the volume
            """);
    }

    /// <summary>Returns the largest managed heap while the work runs.</summary>
    private static long PeakManaged(Action work)
    {
        GC.Collect();
        var peak = 0L;
        using var done = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            do
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            while (!done.Wait(5));
        });
        watcher.Start();
        work();
        done.Set();
        watcher.Join();
        return peak;
    }

    /// <summary>Writes a file of 16-bit values of a thorax's size, smooth enough to compress like a CT.</summary>
    private static string WriteVolume(string folder)
    {
        var random = new SeededRandom(5);
        var axes = new Direction(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1));
        var volume = new Volume<ushort>(new(Size, new(0.7, 0.7, 1.25), default, axes));
        foreach (ref var value in volume.Voxels.AsSpan())
            value = (ushort)(1000 + (40 * random.Uniform(0, 1)));
        var path = Path.Combine(folder, "thorax.nii.gz");
        VolumeFile.Write(volume, path);
        return path;
    }
}
