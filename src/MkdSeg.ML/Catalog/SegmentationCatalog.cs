using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.ML.Transforms;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Catalog;

/// <summary>The catalog for segmenting volumes, returned by <c>mlContext.Segmentation()</c>.</summary>
public sealed class SegmentationCatalog
{
    private readonly MLContext _context;

    internal SegmentationCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Creates the pipeline of a model bundle: from the path of a volume's file to masks on the volume's own grid; see
    /// <see cref="SegmentationColumns"/>. Columns that are not requested are not computed. The networks become part of the
    /// pipeline: once saved, it no longer needs the bundle.
    /// </summary>
    /// <param name="bundle">The bundle's folder, or a zip of it.</param>
    /// <param name="options">Names of input columns, crop rule, weights, device.</param>
    /// <exception cref="UserErrorException">The bundle is damaged or has no segmentor.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// var pipeline = ml.Segmentation().CreatePipeline("onnx/phantom-ct")
    ///     .Append(ml.Transforms.SaveLabels("Saved", "Mask", new() { Folder = "masks" }));
    /// </code>
    /// </example>
    public IEstimator<ITransformer> CreatePipeline(string bundle, SegmentationOptions? options = null) =>
        CreatePipeline(ModelBundle.Load(bundle), options);

    /// <summary>Creates the pipeline of a loaded model bundle; see the overload that takes a path.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">Names of input columns, crop rule, weights, device.</param>
    public IEstimator<ITransformer> CreatePipeline(ModelBundle bundle, SegmentationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        options ??= new();
        var segment = SegmentHeart.CreateEstimator(_context.Transforms, bundle, options);
        return options.PathColumnName is { } path
            ? _context.Transforms.LoadVolume(options.VolumeColumnName, path).Append(segment)
            : segment;
    }

    /// <summary>
    /// Loads a model bundle as a ready-to-use transformer: from a text column with the path of a volume's file to masks; see
    /// <see cref="CreatePipeline(string, SegmentationOptions?)"/>.
    /// </summary>
    /// <param name="bundle">The bundle's folder, or a zip of it.</param>
    /// <param name="options">Names of input columns, crop rule, weights, device.</param>
    /// <exception cref="UserErrorException">The bundle is damaged or has no segmentor.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// var model = ml.Segmentation().LoadModel("onnx/phantom-ct");
    /// var masks = model.Transform(ml.Data.LoadVolumes("ct_folder")).GetColumn&lt;Volume&lt;byte&gt;&gt;("Mask");
    /// </code>
    /// </example>
    public ITransformer LoadModel(string bundle, SegmentationOptions? options = null) =>
        LoadModel(ModelBundle.Load(bundle), options);

    /// <summary>Returns a loaded model bundle as a transformer; see the overload that takes a path.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">Names of input columns, crop rule, weights, device.</param>
    public ITransformer LoadModel(ModelBundle bundle, SegmentationOptions? options = null)
    {
        options ??= new();
        // Fitting inspects only columns, so an empty view with these columns is enough.
        var schema = SchemaDefinition.Create(typeof(Row));
        foreach (var column in schema)
        {
            column.ColumnName = column.MemberName switch
            {
                nameof(Row.Path) => options.PathColumnName,
                nameof(Row.Name) => options.NameColumnName == options.PathColumnName ? null : options.NameColumnName,
                nameof(Row.Volume) => options.PathColumnName is null ? options.VolumeColumnName : null,
                _ => options.LabelColumnName,
            }
            ?? StepColumns.Prefix + column.MemberName;
        }

        return CreatePipeline(bundle, options).Fit(_context.Data.LoadFromEnumerable(Array.Empty<Row>(), schema));
    }

    /// <summary>Compares predicted masks with annotations, row by row.</summary>
    /// <param name="data">Data with both columns; a text column "Name", if present, names the cases.</param>
    /// <param name="labelColumnName">The column of label maps with the annotation.</param>
    /// <param name="predictedColumnName">The column of predicted label maps.</param>
    /// <param name="labels">The structures; null for the seven of MM-WHS.</param>
    /// <param name="surfaceToleranceMm">
    /// If set, also computes the surface metrics, with surface Dice at this tolerance in mm; null omits them.
    /// </param>
    /// <exception cref="UserErrorException">A column is missing, or the masks of a row differ in size.</exception>
    /// <example>
    /// <code>
    /// var cases = ml.Data.LoadVolumes(VolumeManifest.Load("data/dataset.json"), "CT", "test");
    /// var scored = ml.Segmentation().LoadModel("onnx/phantom-ct").Transform(cases);
    /// var labelled = ml.Transforms.LoadLabels("Label", "LabelPath").Fit(scored).Transform(scored);
    /// Console.WriteLine(ml.Segmentation().Evaluate(labelled).MeanDice);
    /// </code>
    /// </example>
#pragma warning disable CA1822 // Called on the catalog, like every Evaluate of ML.NET.
    public SegmentationMetrics Evaluate(
#pragma warning restore CA1822
        IDataView data,
        string labelColumnName = SegmentationColumns.Label,
        string predictedColumnName = SegmentationColumns.Mask,
        LabelSet? labels = null,
        double? surfaceToleranceMm = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        labels ??= LabelSet.WholeHeart;
        var label = Find(data.Schema, labelColumnName);
        var predicted = Find(data.Schema, predictedColumnName);
        var name = data.Schema.GetColumnOrNull(SegmentationColumns.Name);
        var cases = new List<SegmentationScores>();
        using var cursor = data.GetRowCursor(name is { } column ? [label, predicted, column] : [label, predicted]);
        var readLabel = cursor.GetGetter<Volume<byte>>(label);
        var readPredicted = cursor.GetGetter<Volume<byte>>(predicted);
        var readName = name is { } named ? cursor.GetGetter<ReadOnlyMemory<char>>(named) : null;
        Volume<byte> reference = null!, mask = null!;
        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> text = default;
            readName?.Invoke(ref text);
            readLabel(ref reference);
            readPredicted(ref mask);
            var caseName = readName is null ? $"row {cursor.Position}" : text.ToString();
            if (reference.Grid.Size != mask.Grid.Size)
            {
                throw new UserErrorException(
                    $"{caseName}: the predicted mask has {mask.Grid.Size} voxels, the annotation {reference.Grid.Size}; "
                    + "bring the mask onto the volume's grid before evaluating it.");
            }

            cases.Add(SegmentationScores.Compare(caseName, mask, reference, labels.ClassCount, surfaceToleranceMm));
        }

        return new SegmentationMetrics(labels, cases);
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            throw new UserErrorException(
                $"Evaluate needs the column '{name}', but the data has only "
                + $"{string.Join(", ", schema.Select(found => $"'{found.Name}'"))}; add it or name another column.");
        }

        return column.Type.Equals(VolumeColumnTypes.LabelMap)
            ? column
            : throw new UserErrorException(
                $"Evaluate needs the column '{name}' to be of type {VolumeColumnTypes.LabelMap}, but it is "
                + $"{column.Type}; name another column.");
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
        public string Name { get; set; } = "";
        public Volume<float> Volume { get; set; } = null!;
        public Volume<byte> Label { get; set; } = null!;
    }
}
