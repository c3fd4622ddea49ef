using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.ML.Catalog;

namespace SegmentationService;

/// <summary>
/// The bundle's pipeline, loaded once. Requests may use it at the same time: each transforms data of its own.
/// </summary>
public sealed class Segmenter
{
    private const byte GzipMagic = 0x1f;
    private readonly MLContext _ml = new();
    private readonly ITransformer _model;

    public Segmenter(ServiceSettings settings)
    {
        var bundle = ModelBundle.Load(settings.Bundle);
        StructureNames = [.. bundle.LabelSet.Structures.Select(structure => structure.Name)];
        IEstimator<ITransformer> pipeline = _ml.Segmentation().CreatePipeline(bundle)
            .Append(_ml.Transforms.SaveLabels(
                "Saved", SegmentationColumns.Mask, new() { NameColumnName = "MaskPath", Extension = "" }, bundle.LabelSet));
        _model = pipeline.Fit(_ml.Data.LoadFromEnumerable(Array.Empty<Request>()));
    }

    /// <summary>The structures, in the order of the answers' values.</summary>
    public IReadOnlyList<string> StructureNames { get; }

    /// <summary>Segments an uploaded NIfTI file, compressed or not.</summary>
    /// <exception cref="UserErrorException">The file is no volume, or has no heart; ML.NET may wrap it.</exception>
    public async Task<Answer> SegmentAsync(Stream upload, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("segmentation-");
        try
        {
            var path = await SaveAsync(upload, folder.FullName, cancellation);
            var request = new Request { Path = path, MaskPath = Path.Combine(folder.FullName, "mask.nii.gz") };
            var scored = await Task.Run(() => Score(request), cancellation);
            return new(
                Named(scored.VolumesMl),
                Named(scored.Agreement),
                await File.ReadAllBytesAsync(scored.Saved, cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Scored Score(Request request)
    {
        var transformed = _model.Transform(_ml.Data.LoadFromEnumerable(new[] { request }));
        return _ml.Data.CreateEnumerable<Scored>(transformed, reuseRowObject: false, ignoreMissingColumns: true).Single();
    }

    // What a volume lacks is NaN, which JSON has no number for.
    private Dictionary<string, float?> Named(float[] values) => StructureNames
        .Zip(values, (name, value) => (name, value))
        .ToDictionary(pair => pair.name, pair => float.IsNaN(pair.value) ? (float?)null : pair.value);

    private static async Task<string> SaveAsync(Stream upload, string folder, CancellationToken cancellation)
    {
        var raw = Path.Combine(folder, "upload");
        bool isCompressed;
        await using (var file = new FileStream(raw, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            await upload.CopyToAsync(file, cancellation);
            file.Position = 0;
            isCompressed = file.ReadByte() == GzipMagic;
        }

        var path = raw + (isCompressed ? ".nii.gz" : ".nii");
        File.Move(raw, path);
        return path;
    }

    private sealed class Request
    {
        public string Path { get; set; } = "";

        public string MaskPath { get; set; } = "";
    }

    private sealed class Scored
    {
        [VectorType]
        public float[] VolumesMl { get; set; } = [];

        [VectorType]
        public float[] Agreement { get; set; } = [];

        public string Saved { get; set; } = "";
    }
}

/// <summary>What the service answers; JSON has the mask as base64.</summary>
/// <param name="VolumesMl">Volume of each structure, mL.</param>
/// <param name="Agreement">How well the segmentors agree on each structure, Dice; low values mark doubtful ones.</param>
/// <param name="Mask">The label file, .nii.gz, in the geometry of the upload.</param>
public sealed record Answer(
    IReadOnlyDictionary<string, float?> VolumesMl, IReadOnlyDictionary<string, float?> Agreement, byte[] Mask);
