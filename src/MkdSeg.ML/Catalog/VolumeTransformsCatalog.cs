using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.ML.Transforms;

namespace Microsoft.ML;

/// <summary>
/// The single steps from a volume file to a mask, for pipelines other than a bundle's own: own networks, own weights, own
/// steps in between. Where the bundle's pipeline will do, <c>mlContext.Segmentation()</c> creates it in one call.
/// </summary>
public static class VolumeTransformsCatalog
{
    /// <summary>Create a <see cref="LoadVolumeEstimator"/>, which reads volume files.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The text column of file paths; the output's name where it is null.</param>
    /// <example><code>var volumes = ml.Transforms.LoadVolume("Volume", "Path");</code></example>
    public static LoadVolumeEstimator LoadVolume(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>
    /// Create a <see cref="LoadLabelsEstimator"/>, which reads label files into label maps, such as the annotations that
    /// <c>Evaluate</c> compares with.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to make.</param>
    /// <param name="inputColumnName">The text column of file paths; the output's name where it is null.</param>
    /// <param name="labels">What the files' values mean; the seven structures of MM-WHS where it is null.</param>
    /// <example><code>var annotations = ml.Transforms.LoadLabels("Label", "LabelPath");</code></example>
    public static LoadLabelsEstimator LoadLabels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        LabelSet? labels = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, labels ?? LabelSet.WholeHeart);

    /// <summary>Create a <see cref="LocateHeartEstimator"/>, which finds where the heart lies.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of boxes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="bundle">The bundle whose locator is used; it becomes part of a saved pipeline.</param>
    /// <param name="options">The column of names, device.</param>
    /// <exception cref="UserErrorException">The bundle has no locator.</exception>
    /// <example>
    /// <code>var box = ml.Transforms.LocateHeart("HeartBox", "Volume", ModelBundle.Load("onnx/phantom-ct"));</code>
    /// </example>
    public static LocateHeartEstimator LocateHeart(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        ModelBundle bundle,
        LocateHeartEstimator.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new(catalog, outputColumnName, inputColumnName ?? outputColumnName, bundle, options ?? new());
    }

    /// <summary>Create a <see cref="PrepareVolumeEstimator"/>, which does all that comes before a network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of prepared volumes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="options">How to prepare.</param>
    /// <exception cref="UserErrorException">Options that make no sense, or a box column missing.</exception>
    /// <example>
    /// <code>
    /// var prepared = ml.Transforms.PrepareVolume("Prepared", "Volume", new()
    /// {
    ///     Preprocessing = bundle.Preprocessing with { Crop = CropRule.Located }, BoxColumnName = "HeartBox",
    /// });
    /// </code>
    /// </example>
    public static PrepareVolumeEstimator PrepareVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        PrepareVolumeEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());

    /// <summary>Create a <see cref="SegmentSlicesEstimator"/>, which passes slices through an ONNX network in batches.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to make.</param>
    /// <param name="inputColumnName">The column of prepared volumes; the output's name where it is null.</param>
    /// <param name="model">The bytes of the ONNX file; they become part of a saved pipeline.</param>
    /// <param name="options">Where and how the network runs.</param>
    /// <example>
    /// <code>var probabilities = ml.Transforms.SegmentSlices("P", "Prepared", File.ReadAllBytes("S_real.onnx"));</code>
    /// </example>
    public static SegmentSlicesEstimator SegmentSlices(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        byte[] model,
        SegmentSlicesEstimator.Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(catalog, outputColumnName, inputColumnName ?? outputColumnName, model, options ?? new());
    }

    /// <summary>Create an <see cref="AverageProbabilitiesEstimator"/>, which averages several segmentors.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to make.</param>
    /// <param name="inputColumnNames">The columns of probabilities.</param>
    /// <param name="weights">A weight for each input; equal ones where it is null.</param>
    /// <exception cref="UserErrorException">Weights that make no mean.</exception>
    /// <example>
    /// <code>var ensemble = ml.Transforms.AverageProbabilities("P", ["P_S_syn", "P_S_real"], weights: [1, 2]);</code>
    /// </example>
    public static AverageProbabilitiesEstimator AverageProbabilities(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return new(catalog, outputColumnName, inputColumnNames, weights);
    }

    /// <summary>
    /// Create a <see cref="RestoreGeometryEstimator"/>, which brings probabilities back onto the grid of the volume as it
    /// was read, as a mask.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to make.</param>
    /// <param name="inputColumnName">The column of probabilities.</param>
    /// <param name="originalColumnName">The column of volumes as they were read.</param>
    /// <example><code>var masks = ml.Transforms.RestoreGeometry("Mask", "P", "Volume");</code></example>
    public static RestoreGeometryEstimator RestoreGeometry(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        string originalColumnName = "Volume") =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, originalColumnName);

    /// <summary>Create a <see cref="KeepLargestComponentsEstimator"/>, which clears stray parts of structures.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to make.</param>
    /// <param name="inputColumnName">The column of label maps; the output's name where it is null.</param>
    /// <example><code>var cleaned = ml.Transforms.KeepLargestComponents("Mask");</code></example>
    public static KeepLargestComponentsEstimator KeepLargestComponents(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>Create a <see cref="FillHolesEstimator"/>, which fills closed cavities within structures.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of label maps to make.</param>
    /// <param name="inputColumnName">The column of label maps; the output's name where it is null.</param>
    /// <param name="largestMl">Cavities above this volume, in mL, stay.</param>
    /// <example><code>var filled = ml.Transforms.FillHoles("Mask", largestMl: 2);</code></example>
    public static FillHolesEstimator FillHoles(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        double largestMl = double.PositiveInfinity) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, largestMl);

    /// <summary>Create a <see cref="MeasureVolumesEstimator"/>, which measures structures in mL.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The vector column to make.</param>
    /// <param name="inputColumnName">The column of label maps; the output's name where it is null.</param>
    /// <param name="labels">The structures; the seven of MM-WHS where it is null.</param>
    /// <example><code>var volumes = ml.Transforms.MeasureVolumes("VolumesMl", "Mask");</code></example>
    public static MeasureVolumesEstimator MeasureVolumes(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        LabelSet? labels = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, labels ?? LabelSet.WholeHeart);

    /// <summary>Create a <see cref="MeasureAgreementEstimator"/>, which says how well several segmentors agree.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The vector column to make.</param>
    /// <param name="inputColumnNames">Two columns of label maps or more.</param>
    /// <param name="labels">The structures; the seven of MM-WHS where it is null.</param>
    /// <example>
    /// <code>var agreement = ml.Transforms.MeasureAgreement("Agreement", ["Mask_S_syn", "Mask_S_real"]);</code>
    /// </example>
    public static MeasureAgreementEstimator MeasureAgreement(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        LabelSet? labels = null)
    {
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return new(catalog, outputColumnName, inputColumnNames, labels ?? LabelSet.WholeHeart);
    }

    /// <summary>Create a <see cref="SaveLabelsEstimator"/>, which writes masks to files.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The text column to make: paths of the files.</param>
    /// <param name="inputColumnName">The column of label maps.</param>
    /// <param name="options">Where the files go.</param>
    /// <param name="labels">The structures' label values; the seven of MM-WHS where it is null.</param>
    /// <example><code>var saved = ml.Transforms.SaveLabels("Saved", "Mask", new() { Folder = "masks" });</code></example>
    public static SaveLabelsEstimator SaveLabels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        SaveLabelsEstimator.Options? options = null,
        LabelSet? labels = null) =>
        new(
            catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new(),
            labels ?? LabelSet.WholeHeart);
}
