using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;
using MkdSeg.Volumes;

namespace MkdSeg.ScoringBenchmark;

/// <summary>The duration of some work.</summary>
/// <param name="Wall">Elapsed seconds.</param>
/// <param name="Cpu">Seconds of processor time, summed over all threads.</param>
internal readonly record struct Duration(double Wall, double Cpu);

/// <summary>The measurements.</summary>
/// <param name="Device">The device that ran the networks.</param>
/// <param name="BareSeconds">Median time of the bare sessions.</param>
/// <param name="PipelineSeconds">Median time of the pipeline.</param>
/// <param name="Ratios">Ratio of pipeline to bare sessions in each round.</param>
/// <param name="CpuRatios">The same for processor time, which other programs on the machine affect less.</param>
internal sealed record BenchmarkResult(
    string Device,
    double BareSeconds,
    double PipelineSeconds,
    IReadOnlyList<double> Ratios,
    IReadOnlyList<double> CpuRatios)
{
    /// <summary>The median of <see cref="Ratios"/>: both sides of a round see the same machine load.</summary>
    public double Ratio => PipelineBenchmark.Median(Ratios);

    /// <summary>The median of <see cref="CpuRatios"/>.</summary>
    public double CpuRatio => PipelineBenchmark.Median(CpuRatios);
}

/// <summary>
/// Compares the whole ML.NET pipeline, from a volume in memory to the ensemble's mask on its grid (orient, resample,
/// normalise, two segmentors, average, restore), with just the two sessions on already prepared slices.
/// </summary>
internal static class PipelineBenchmark
{
    private const int Side = 256;

    public static BenchmarkResult Run(InferenceOptions inference, int slices, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("mkdseg-benchmark-").FullName;
        try
        {
            var bundle = WriteBundle(folder);
            var context = new MLContext();
            var model = context.Segmentation().LoadModel(
                bundle, new() { PathColumnName = null, Inference = inference });
            var volume = Volume(slices);
            var prepared = Preprocessor.Prepare(volume, bundle.Preprocessing, null);
            using var real = new OnnxSegmentor(bundle.ReadNetwork(NetworkRoles.SReal), inference);
            using var bareReal = OpenBare(bundle.ReadNetwork(NetworkRoles.SReal), real);
            using var bareSyn = OpenBare(bundle.ReadNetwork(NetworkRoles.SSyn), real);
            var batchSize = real.BatchSizeFor(prepared.Grid.Size);

            var bare = new List<Duration>();
            var pipeline = new List<Duration>();
            for (var round = -1; round < rounds; round++)
            {
                var bareTime = Time(() =>
                {
                    RunBare(bareReal, prepared, batchSize);
                    RunBare(bareSyn, prepared, batchSize);
                });
                var pipelineTime = Time(() => RunPipeline(context, model, volume));
                if (round < 0)
                    continue; // Warm-up: just-in-time compilation, memory arenas.
                bare.Add(bareTime);
                pipeline.Add(pipelineTime);
            }

            return new(
                real.Device,
                Median([.. bare.Select(time => time.Wall)]),
                Median([.. pipeline.Select(time => time.Wall)]),
                [.. pipeline.Zip(bare, (whole, part) => whole.Wall / part.Wall)],
                [.. pipeline.Zip(bare, (whole, part) => whole.Cpu / part.Cpu)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static Duration Time(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        work();
        var wall = watch.Elapsed;
        process.Refresh();
        return new(wall.TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    private static void RunPipeline(MLContext context, ITransformer model, Volume<float> volume)
    {
        var scored = model.Transform(context.Data.LoadFromEnumerable(new[] { new Row { Volume = volume } }));
        var column = scored.Schema[SegmentationColumns.Mask];
        using var cursor = scored.GetRowCursor([column]);
        cursor.MoveNext();
        Volume<byte> mask = null!;
        cursor.GetGetter<Volume<byte>>(column)(ref mask);
    }

    /// <summary>Runs the session as shown in its documentation, in the same batches, without copying the results.</summary>
    public static void RunBare(InferenceSession session, Volume<float> prepared, int batchSize)
    {
        using var options = new RunOptions();
        var length = prepared.Grid.Size.SliceLength;
        var slices = prepared.Grid.Size.Z;
        for (var z = 0; z < slices; z += batchSize)
        {
            var count = Math.Min(batchSize, slices - z);
            using var input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                prepared.Voxels.AsMemory(z * length, count * length),
                [count, 1, Side, Side]);
            using var results = session.Run(options, ["image"], [input], ["probabilities"]);
        }
    }

    public static InferenceSession OpenBare(byte[] model, OnnxSegmentor like)
    {
        using var options = new SessionOptions { IntraOpNumThreads = like.Options.Threads };
        if (like.Device != "cpu")
            options.AppendExecutionProvider_CUDA(int.Parse(like.Device[5..], CultureInfo.InvariantCulture));
        return new InferenceSession(model, options);
    }

    public static ModelBundle WriteBundle(string folder)
    {
        var graph = ResidualUNet.Describe(new());
        string[] roles = [NetworkRoles.SSyn, NetworkRoles.SReal];
        var networks = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var (role, seed) in roles.Zip(new ulong[] { 1, 2 }))
            networks[role] = OnnxWriter.ToBytes(graph.WithSoftmax(), Weights.Initialize(seed, graph), new());

        return BundleWriter.Write(
            Path.Combine(folder, "bundle"),
            new()
            {
                Name = "benchmark",
                Modality = "CT",
                Labels = [.. LabelSet.WholeHeart.Structures],
                Preprocessing = new() { InPlaneSpacingMm = 1, PatchSize = Side, Crop = CropRule.Centre },
                Networks =
                [
                    .. roles.Select(role => new NetworkFile
                    {
                        Role = role,
                        File = $"{role}.onnx",
                        InputName = graph.InputName,
                        OutputName = graph.WithSoftmax().OutputName,
                        SizeMultiple = graph.SizeMultiple,
                    }),
                ],
            },
            networks);
    }

    /// <summary>Returns a volume of different orientation and spacing, so that every preparation step has work to do.</summary>
    private static Volume<float> Volume(int slices)
    {
        var random = new SeededRandom(3);
        var volume = new Volume<float>(new(
            new(320, 320, slices), new(0.8, 0.8, 2.5), default, new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1))));
        foreach (ref var value in volume.Voxels.AsSpan())
            value = (float)random.Uniform(-1000, 1000);
        return volume;
    }

    private sealed class Row
    {
        public Volume<float> Volume { get; set; } = null!;
    }
}
