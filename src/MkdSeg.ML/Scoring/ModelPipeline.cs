using Microsoft.ML;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Scoring;

/// <summary>A bundle's ML.NET pipeline for volumes that are read already.</summary>
internal sealed class ModelPipeline
{
    private readonly MLContext _context = new();
    private readonly ITransformer _model;
    // All steps that run this network share it; it is loaded here to know the device, and to fail early.
    private readonly OnnxSegmentor _segmentor;

    /// <summary>Makes the pipeline ready.</summary>
    /// <exception cref="UserErrorException">The bundle is damaged, has no segmentor, or the device is not there.</exception>
    public ModelPipeline(ModelBundle bundle, ScoringOptions options)
    {
        ExecutionDevice.Require(options.Inference);
        Labels = bundle.LabelSet;
        Roles = [.. bundle.Segmentors.Select(segmentor => segmentor.Role)];
        var segmentation = new SegmentationOptions
        {
            PathColumnName = null,
            NameColumnName = nameof(Row.Name),
            Crop = options.Crop,
            LargestComponentsOnly = options.CleanUp,
            KeepProbabilities = options.Probabilities,
            FillHolesUpToMl = options.CleanUp ? options.FillHolesUpToMl : 0,
            Inference = options.Inference,
        };
        Crop = SegmentationPipeline.EffectiveCrop(bundle, segmentation);
        _model = _context.Segmentation().CreatePipeline(bundle, segmentation)
            .Fit(_context.Data.LoadFromEnumerable(Array.Empty<Row>()));
        _segmentor = OnnxSegmentorPool.Get(bundle.ReadNetwork(Roles[0]), options.Inference);
    }

    public LabelSet Labels { get; }

    public IReadOnlyList<string> Roles { get; }

    public CropRule Crop { get; }

    /// <summary>Where networks run: "cpu" or "cuda:N".</summary>
    public string Device => _segmentor.Device;

    /// <summary>The pipeline's columns for one volume.</summary>
    /// <param name="volume">Intensities.</param>
    /// <param name="label">Class indices, for the crop rule Label.</param>
    /// <param name="name">What messages call the volume.</param>
    public Columns Open(Volume<float> volume, Volume<byte>? label, string name)
    {
        var rows = _context.Data.LoadFromEnumerable(
            new[] { new Row { Volume = volume, Label = label!, Name = name } });
        return new(_model, rows);
    }

    /// <summary>Columns of one row: each is computed when it is asked for, and then kept.</summary>
    public sealed class Columns : IDisposable
    {
        private readonly DataViewRowCursor _source;
        private readonly DataViewRow _row;
        private readonly DataViewSchema _schema;

        internal Columns(ITransformer model, IDataView rows)
        {
            _source = rows.GetRowCursor(rows.Schema);
            _source.MoveNext();
            // A row rather than a cursor over transformed data: ML.NET may run cursors ahead in threads of its own, which
            // would compute all columns at once.
            var mapper = model.GetRowToRowMapper(rows.Schema);
            _schema = mapper.OutputSchema;
            _row = mapper.GetRow(_source, _schema.Where(column => !column.IsHidden));
        }

        public bool Has(string name) => _schema.GetColumnOrNull(name) is not null;

        public T Get<T>(string name)
        {
            T value = default!;
            _row.GetGetter<T>(_schema[name])(ref value);
            return value;
        }

        public void Dispose()
        {
            _row.Dispose();
            _source.Dispose();
        }
    }

    private sealed class Row
    {
        [VolumeType]
        public Volume<float> Volume { get; set; } = null!;

        [ClassVolumeType]
        public Volume<byte> Label { get; set; } = null!;

        public string Name { get; set; } = "";
    }
}
