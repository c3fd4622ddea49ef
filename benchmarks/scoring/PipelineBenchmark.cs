using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MkdSeg.Bundles;
using MkdSeg.Labels;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Inference;
using MkdSeg.Networks;
using MkdSeg.Networks.Onnx;
using MkdSeg.Preprocessing;
using MkdSeg.Randomness;
using MkdSeg.Volumes;

namespace MkdSeg.ScoringBenchmark;

/// <summary>What was measured.</summary>
/// <param name="Device">Where the networks ran.</param>
/// <param name="BareSeconds">Median time of the bare sessions.</param>
/// <param name="PipelineSeconds">Median time of the pipeline.</param>
/// <param name="Ratios">Pipeline over bare, round by round.</param>
internal sealed record BenchmarkResult(
    string Device, double BareSeconds, double PipelineSeconds, IReadOnlyList<double> Ratios)
{
    /// <summary>The median of <see cref="Ratios"/>: both sides of a round see the same load of the machine.</summary>
    public double Ratio => PipelineBenchmark.Median(Ratios);
}

/// <summary>
/// The whole ML.NET pipeline from a volume in memory to the ensemble's mask on its grid (orient, resample, normalise, two
/// segmentors, average, restore), against nothing but the two sessions on slices that are prepared already.
/// </summary>
internal static class PipelineBenchmark
{
    private const int Slices = 40;
    private const int Side = 256;

    public static BenchmarkResult Run(InferenceOptions inference, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("mkdseg-benchmark-").FullName;
        try
        {
            var bundle = WriteBundle(folder);
            var context = new MLContext();
            var model = context.Segmentation().LoadModel(
                bundle, new() { PathColumnName = null, Inference = inference });
            var volume = Volume();
            var prepared = Preprocessor.Prepare(volume, bundle.Preprocessing, null).Input;
            using var real = new OnnxSegmentor(bundle.ReadNetwork(NetworkRoles.SReal), inference);
            using var bareReal = OpenBare(bundle.ReadNetwork(NetworkRoles.SReal), real);
            using var bareSyn = OpenBare(bundle.ReadNetwork(NetworkRoles.SSyn), real);

            var bare = new List<double>();
            var pipeline = new List<double>();
            for (var round = -1; round < rounds; round++)
            {
                var bareSeconds = Time(() =>
                {
                    RunBare(bareReal, prepared, real.BatchSize);
                    RunBare(bareSyn, prepared, real.BatchSize);
                });
                var pipelineSeconds = Time(() => RunPipeline(context, model, volume));
                if (round < 0)
                    continue; // Warm-up: just-in-time compilation, memory arenas.
                bare.Add(bareSeconds);
                pipeline.Add(pipelineSeconds);
            }

            return new(
                real.Device, Median(bare), Median(pipeline), [.. pipeline.Zip(bare, (whole, part) => whole / part)]);
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

    private static double Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
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

    /// <summary>The session as its documentation shows it, in the same batches, results left where they are.</summary>
    private static void RunBare(InferenceSession session, Volume<float> prepared, int batchSize)
    {
        using var options = new RunOptions();
        var length = prepared.Grid.Size.SliceLength;
        for (var z = 0; z < Slices; z += batchSize)
        {
            var count = Math.Min(batchSize, Slices - z);
            using var input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                prepared.Voxels.AsMemory(z * length, count * length),
                [count, 1, Side, Side]);
            using var results = session.Run(options, ["image"], [input], ["probabilities"]);
        }
    }

    private static InferenceSession OpenBare(byte[] model, OnnxSegmentor like)
    {
        using var options = new SessionOptions { IntraOpNumThreads = like.Options.Threads };
        if (like.Device != "cpu")
            options.AppendExecutionProvider_CUDA(int.Parse(like.Device[5..], System.Globalization.CultureInfo.InvariantCulture));
        return new InferenceSession(model, options);
    }

    private static ModelBundle WriteBundle(string folder)
    {
        var graph = ResidualUNet.Describe(new());
        string[] roles = [NetworkRoles.SSyn, NetworkRoles.SReal];
        var networks = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var (role, seed) in roles.Zip(new ulong[] { 1, 2 }))
        {
            var path = Path.Combine(folder, $"{role}.part.onnx");
            OnnxWriter.Write(graph.WithSoftmax(), Weights.Initialize(seed, graph), path, new());
            networks[role] = File.ReadAllBytes(path);
        }

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

    /// <summary>A volume of another orientation and spacing, so that no step of the preparation is idle.</summary>
    private static Volume<float> Volume()
    {
        var random = new SeededRandom(3);
        var volume = new Volume<float>(new(
            new(320, 320, Slices), new(0.8, 0.8, 2.5), default, new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1))));
        foreach (ref var value in volume.Voxels.AsSpan())
            value = (float)random.Uniform(-1000, 1000);
        return volume;
    }

    private sealed class Row
    {
        [VolumeType]
        public Volume<float> Volume { get; set; } = null!;
    }
}
