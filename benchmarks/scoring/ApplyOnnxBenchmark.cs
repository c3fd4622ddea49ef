using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ScoringBenchmark;

/// <summary>
/// Compares ML.NET's own ApplyOnnxModel, one slice of a prepared volume per row, with SegmentSlices, which passes the slices
/// to the network in batches, on the same number of threads.
/// </summary>
internal static class ApplyOnnxBenchmark
{
    public static string Run(InferenceOptions inference, int rounds)
    {
        var lines = new List<string>();
        foreach (var (side, slices) in ((int, int)[])[(64, 160), (256, 24)])
        {
            var folder = Directory.CreateTempSubdirectory("mkdseg-benchmark-").FullName;
            try
            {
                var (stock, own) = Measure(PipelineBenchmark.WriteBundle(folder), folder, side, slices, inference, rounds);
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{slices} slices of {side}×{side}: ApplyOnnxModel {stock:f3} s, SegmentSlices {own:f3} s, ratio {stock / own:f2}"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return string.Join('\n', lines);
    }

    private static (double Stock, double Own) Measure(
        ModelBundle bundle, string folder, int side, int slices, InferenceOptions inference, int rounds)
    {
        var context = new MLContext();
        var network = bundle.FindNetwork(NetworkRoles.SReal)!;
        var volume = new Volume<float>(new Grid(new(side, side, slices), new(1, 1, 2), default, Direction.Identity));
        for (var i = 0; i < volume.Voxels.Length; i++)
            volume.Voxels[i] = MathF.Sin(i * 0.01f);
        var schema = SchemaDefinition.Create(typeof(SliceRow));
        (schema[nameof(SliceRow.Pixels)].ColumnName, schema[nameof(SliceRow.Pixels)].ColumnType) =
            (network.InputName, new VectorDataViewType(NumberDataViewType.Single, 1, 1, side, side));
        var rows = context.Data.LoadFromEnumerable(
            Enumerable.Range(0, slices).Select(z => new SliceRow { Pixels = volume.Slice(z).ToArray() }), schema);
        var stock = context.Transforms.ApplyOnnxModel(new Microsoft.ML.Transforms.Onnx.OnnxOptions
        {
            ModelFile = Path.Combine(folder, "bundle", network.File),
            InputColumns = [network.InputName],
            OutputColumns = [network.OutputName],
            ShapeDictionary = new Dictionary<string, int[]>
            {
                [network.InputName] = [1, 1, side, side],
                [network.OutputName] = [1, bundle.LabelSet.ClassCount, side, side],
            },
            IntraOpNumThreads = inference.Threads > 0 ? inference.Threads : null,
        }).Fit(rows);
        var data = context.Data.LoadFromEnumerable(new[] { new VolumeRow { Prepared = volume } });
        var own = context.Transforms.SegmentSlices(
            "P", "Prepared", bundle.ReadNetwork(NetworkRoles.SReal), new() { Inference = inference }).Fit(data);
        var (stockTimes, ownTimes) = (new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            float[] stockValues = [], ownValues = [];
            var stockTime = PipelineBenchmark.Time(() => stockValues =
                [.. stock.Transform(rows).GetColumn<float[]>(network.OutputName).SelectMany(values => values)]);
            var ownTime = PipelineBenchmark.Time(() => ownValues =
                own.Transform(data).GetColumn<ProbabilityVolume>("P").Single().Values);
            if (stockValues.Zip(ownValues, (a, b) => Math.Abs(a - b)).Max() > 1e-4)
                throw new InvalidOperationException("ApplyOnnxModel and SegmentSlices must return the same probabilities.");
            if (round < 0)
                continue; // Warm-up: just-in-time compilation, memory arenas.
            stockTimes.Add(stockTime.Wall);
            ownTimes.Add(ownTime.Wall);
        }

        return (PipelineBenchmark.Median(stockTimes), PipelineBenchmark.Median(ownTimes));
    }

    private sealed class SliceRow
    {
        public float[] Pixels { get; set; } = [];
    }

    private sealed class VolumeRow
    {
        public Volume<float> Prepared { get; set; } = null!;
    }
}
