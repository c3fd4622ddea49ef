using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Ensembling;
using MkdSeg.ML.Transforms;

namespace Microsoft.ML;

/// <summary>
/// The individual steps from a volume file to a mask, for pipelines other than a bundle's: with your own networks, weights or
/// steps in between. If the bundle's pipeline suffices, <c>mlContext.Segmentation()</c> creates it in one call.
/// </summary>
public static class VolumeTransformsCatalog
{
    /// <summary>Reads volume files. A file is read when a cursor requests the volume, once per row.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to create.</param>
    /// <param name="inputColumnName">The text column of file paths; null for the same name as the output.</param>
    /// <remarks>Input: Text, the path of a file or of a folder with one DICOM series. Output: Volume.</remarks>
    /// <example><code>var volumes = ml.Transforms.LoadVolume("Volume", "Path");</code></example>
    public static StepEstimator LoadVolume(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(Step.Create(
            catalog,
            nameof(LoadVolume),
            (outputColumnName, VolumeColumnTypes.Volume),
            [(inputColumnName ?? outputColumnName, TextDataViewType.Instance)],
            new LoadVolumeMapping()));

    /// <summary>
    /// Reads label files into label maps, such as the annotations that <c>Evaluate</c> compares with.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to create.</param>
    /// <param name="inputColumnName">The text column of file paths; null for the same name as the output.</param>
    /// <param name="labels">What the files' values mean; null for the seven structures of MM-WHS.</param>
    /// <remarks>Input: Text, the path of a file. Output: LabelMap.</remarks>
    /// <example><code>var annotations = ml.Transforms.LoadLabels("Label", "LabelPath");</code></example>
    public static StepEstimator LoadLabels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        LabelSet? labels = null) =>
        new(Step.Create(
            catalog,
            nameof(LoadLabels),
            (outputColumnName, VolumeColumnTypes.LabelMap),
            [(inputColumnName ?? outputColumnName, TextDataViewType.Instance)],
            new LoadLabelsMapping(),
            [.. (labels ?? LabelSet.WholeHeart).Structures]));

    /// <summary>
    /// Locates the heart in volumes of any extent with a bundle's locator: one pass over the whole volume in large voxels, and
    /// the box around the largest connected part that it classifies as heart.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of boxes to create.</param>
    /// <param name="inputColumnName">The column of volumes; null for the same name as the output.</param>
    /// <param name="bundle">The bundle whose locator is used; it becomes part of a saved pipeline.</param>
    /// <param name="options">The column of names and the device.</param>
    /// <remarks>
    /// Input: Volume, and Text if a column of names is given. Output: HeartBox. A row fails if there is no heart.
    /// </remarks>
    /// <exception cref="UserErrorException">The bundle has no locator.</exception>
    /// <example>
    /// <code>var box = ml.Transforms.LocateHeart("HeartBox", "Volume", ModelBundle.Load("onnx/phantom-ct"));</code>
    /// </example>
    public static StepEstimator LocateHeart(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        ModelBundle bundle,
        LocateHeartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        options ??= new();
        return new(options.CreateStep(catalog, outputColumnName, inputColumnName ?? outputColumnName, bundle));
    }

    /// <summary>
    /// Does all preprocessing for a network: orients, crops, resamples within the slice planes and normalises intensities. The
    /// whole volume is never copied in between.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of prepared volumes to create.</param>
    /// <param name="inputColumnName">The column of volumes; null for the same name as the output.</param>
    /// <param name="options">How to prepare.</param>
    /// <remarks>
    /// Input: Volume, and HeartBox for the crop rules Label and Located. Output: Volume, values in [-1, 1].
    /// </remarks>
    /// <exception cref="UserErrorException">The options are invalid, or the box column is missing.</exception>
    /// <example>
    /// <code>
    /// var prepared = ml.Transforms.PrepareVolume("Prepared", "Volume", new()
    /// {
    ///     Preprocessing = bundle.Preprocessing with { Crop = CropRule.Located }, BoxColumnName = "HeartBox",
    /// });
    /// </code>
    /// </example>
    public static StepEstimator PrepareVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        PrepareVolumeOptions? options = null) =>
        new((options ?? new()).CreateStep(catalog, outputColumnName, inputColumnName ?? outputColumnName));

    /// <summary>
    /// Passes the slices of prepared volumes through an ONNX segmentation network in batches; returns class probabilities on
    /// the same grid. All cursors of a process share one session.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to create.</param>
    /// <param name="inputColumnName">The column of prepared volumes; null for the same name as the output.</param>
    /// <param name="model">The bytes of the ONNX file; they become part of a saved pipeline.</param>
    /// <param name="options">Where and how the network runs.</param>
    /// <remarks>
    /// Input: Volume, intensities in [-1, 1]. Output: ProbabilityVolume. A row fails with a
    /// <see cref="UserErrorException"/> if the network is not a segmentor, the device is not available, or the slices'
    /// width and height do not suit the network.
    /// </remarks>
    /// <example>
    /// <code>var probabilities = ml.Transforms.SegmentSlices("P", "Prepared", File.ReadAllBytes("S_real.onnx"));</code>
    /// </example>
    public static StepEstimator SegmentSlices(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        byte[] model,
        SegmentSlicesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(Step.Create(
            catalog,
            nameof(SegmentSlices),
            (outputColumnName, VolumeColumnTypes.Probabilities),
            [(inputColumnName ?? outputColumnName, VolumeColumnTypes.Volume)],
            new SegmentSlicesMapping(),
            options ?? new(),
            model));
    }

    /// <summary>
    /// Averages the probabilities of several segmentors with weights; equal weights give the ensemble of the paper.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to create.</param>
    /// <param name="inputColumnNames">The columns of probabilities.</param>
    /// <param name="weights">A weight for each input; null for equal weights.</param>
    /// <remarks>Input: ProbabilityVolume, one or more columns. Output: ProbabilityVolume.</remarks>
    /// <exception cref="UserErrorException">The weights are invalid.</exception>
    /// <example>
    /// <code>var ensemble = ml.Transforms.AverageProbabilities("P", ["P_S_syn", "P_S_real"], weights: [1, 2]);</code>
    /// </example>
    public static StepEstimator AverageProbabilities(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        const string name = nameof(AverageProbabilities);
        return new(new Step(
            name,
            [.. inputColumnNames.Select(input => (StepColumn)(input, VolumeColumnTypes.Probabilities))],
            new Links(catalog)
                .Options(EnsembleWeights.Of(name, weights, inputColumnNames.Count))
                .Gather(inputColumnNames, areProbabilities: true)
                .Map(new AverageProbabilitiesMapping())
                .Copy(outputColumnName, StepColumns.Output)));
    }

    /// <summary>
    /// Maps probabilities back onto the grid of the volume as it was read: they are interpolated within each slice before the
    /// most probable class is selected. Everything outside the part that the network saw is background.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to create.</param>
    /// <param name="inputColumnName">The column of probabilities.</param>
    /// <param name="originalColumnName">The column of volumes as they were read.</param>
    /// <remarks>Input: ProbabilityVolume, and Volume as it was read. Output: LabelMap.</remarks>
    /// <example><code>var masks = ml.Transforms.RestoreGeometry("Mask", "P", "Volume");</code></example>
    public static StepEstimator RestoreGeometry(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        string originalColumnName = "Volume") =>
        new(Step.Create(
            catalog,
            nameof(RestoreGeometry),
            (outputColumnName, VolumeColumnTypes.LabelMap),
            [
                (inputColumnName ?? outputColumnName, VolumeColumnTypes.Probabilities),
                (originalColumnName, VolumeColumnTypes.Volume),
            ],
            new RestoreGeometryMapping()));

    /// <summary>
    /// Keeps the largest connected part of each structure; the voxels of its other parts become background. Voxels that
    /// share a face are connected; of equally large parts, the first in memory is kept.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to create.</param>
    /// <param name="inputColumnName">The column of label maps; null for the same name as the output.</param>
    /// <remarks>Input: LabelMap. Output: LabelMap on the same grid.</remarks>
    /// <example><code>var cleaned = ml.Transforms.KeepLargestComponents("Mask");</code></example>
    public static StepEstimator KeepLargestComponents(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(Step.Create(
            catalog,
            nameof(KeepLargestComponents),
            (outputColumnName, VolumeColumnTypes.LabelMap),
            [(inputColumnName ?? outputColumnName, VolumeColumnTypes.LabelMap)],
            new KeepLargestComponentsMapping()));

    /// <summary>
    /// Fills closed cavities: connected background enclosed by a single structure gets that structure's class. Background that
    /// reaches the volume's border or touches two structures is kept, as are cavities above a given volume.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to create.</param>
    /// <param name="inputColumnName">The column of label maps; null for the same name as the output.</param>
    /// <param name="largestMl">Cavities above this volume, in mL, are kept.</param>
    /// <remarks>Input: LabelMap. Output: LabelMap on the same grid.</remarks>
    /// <example><code>var filled = ml.Transforms.FillHoles("Mask", largestMl: 2);</code></example>
    public static StepEstimator FillHoles(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        double largestMl = double.PositiveInfinity) =>
        new(Step.Create(
            catalog,
            nameof(FillHoles),
            (outputColumnName, VolumeColumnTypes.LabelMap),
            [(inputColumnName ?? outputColumnName, VolumeColumnTypes.LabelMap)],
            new FillHolesMapping(),
            largestMl is >= 0 ? largestMl : throw new UserErrorException(
                $"FillHoles: the largest cavity to fill is {largestMl} mL; it must be 0 mL or more.")));

    /// <summary>Measures the volume of each structure in millilitres: its voxels times a voxel's volume.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The vector column to create.</param>
    /// <param name="inputColumnName">The column of label maps; null for the same name as the output.</param>
    /// <param name="labels">The structures; null for the seven of MM-WHS.</param>
    /// <remarks>
    /// Input: LabelMap. Output: Vector of Single, mL, with a slot for each structure, named after it. A row fails if a voxel's
    /// class is not one of the structures. The data must not have columns with the names of structures.
    /// </remarks>
    /// <example><code>var volumes = ml.Transforms.MeasureVolumes("VolumesMl", "Mask");</code></example>
    public static StepEstimator MeasureVolumes(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        LabelSet? labels = null)
    {
        StepColumn[] inputs = [(inputColumnName ?? outputColumnName, VolumeColumnTypes.LabelMap)];
        var links = new Links(catalog).CopyInputs(inputs)
            .Measure(outputColumnName, labels ?? LabelSet.WholeHeart, new MeasureVolumesMapping());
        return new(new Step(nameof(MeasureVolumes), inputs, links, outputColumnName));
    }

    /// <summary>
    /// Measures how well the masks of several segmentors agree on each structure: the Dice coefficient, averaged over all
    /// pairs of masks. It needs no annotation, and a low value marks a case as doubtful. NaN if no mask has the structure.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The vector column to create.</param>
    /// <param name="inputColumnNames">Two or more columns of label maps.</param>
    /// <param name="labels">The structures; null for the seven of MM-WHS.</param>
    /// <remarks>
    /// Input: LabelMap, two or more columns. Output: Vector of Single in [0, 1], with a slot for each structure, named after
    /// it. A row fails if the volumes differ in size or a voxel's class is not one of the structures. The data must not have
    /// columns with the names of structures.
    /// </remarks>
    /// <example>
    /// <code>var agreement = ml.Transforms.MeasureAgreement("Agreement", ["Mask_S_syn", "Mask_S_real"]);</code>
    /// </example>
    public static StepEstimator MeasureAgreement(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        LabelSet? labels = null)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        const string name = nameof(MeasureAgreement);
        if (inputColumnNames.Count < 2)
        {
            throw new UserErrorException(
                $"{name}: {inputColumnNames.Count} columns were named; agreement needs two or more.");
        }

        var links = new Links(catalog).Gather(inputColumnNames, areProbabilities: false)
            .Measure(outputColumnName, labels ?? LabelSet.WholeHeart, new MeasureAgreementMapping());
        var inputs = inputColumnNames.Select(input => (StepColumn)(input, VolumeColumnTypes.LabelMap));
        return new(new Step(name, [.. inputs], links, outputColumnName));
    }

    /// <summary>
    /// Writes masks to files as the label values of their structures. A file is written when a cursor requests the output
    /// column, and appears under its name once complete.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The text column to create: paths of the files.</param>
    /// <param name="inputColumnName">The column of label maps.</param>
    /// <param name="options">Where the files are written.</param>
    /// <param name="labels">The structures' label values; null for the seven of MM-WHS.</param>
    /// <remarks>
    /// Input: LabelMap, and Text, the file's name. Output: Text, the path of the file. A row fails if the file cannot be
    /// written or a voxel's class is not one of the structures.
    /// </remarks>
    /// <example><code>var saved = ml.Transforms.SaveLabels("Saved", "Mask", new() { Folder = "masks" });</code></example>
    public static StepEstimator SaveLabels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        SaveLabelsOptions? options = null,
        LabelSet? labels = null)
    {
        options ??= new();
        return new(Step.Create(
            catalog,
            nameof(SaveLabels),
            (outputColumnName, TextDataViewType.Instance),
            [
                (inputColumnName ?? outputColumnName, VolumeColumnTypes.LabelMap),
                (options.NameColumnName, TextDataViewType.Instance),
            ],
            new SaveLabelsMapping(),
            new SaveLabelsMapping.Options(options, [.. (labels ?? LabelSet.WholeHeart).Structures])));
    }
}
