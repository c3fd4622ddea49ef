using MkdSeg.Datasets;
using MkdSeg.ML.Estimators;
using MkdSeg.Preprocessing;

namespace Microsoft.ML;

/// <summary>The steps from a volume file to a mask, as estimators.</summary>
public static class VolumeTransformsCatalog
{
    /// <summary>Create a <see cref="LoadVolumeEstimator"/>, which reads volume files.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The text column of file paths; the output's name where it is null.</param>
    public static LoadVolumeEstimator LoadVolume(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>Create a <see cref="LoadLabelsEstimator"/>, which reads label files into class volumes.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnName">The text column of file paths; the output's name where it is null.</param>
    /// <param name="labels">What the files' values mean; the seven structures of MM-WHS where it is null.</param>
    public static LoadLabelsEstimator LoadLabels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        LabelSet? labels = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, labels ?? LabelSet.WholeHeart);

    /// <summary>Create an <see cref="OrientVolumeEstimator"/>, which brings volumes into one orientation.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="orientation">
    /// Three letters that name the side of the patient (R/L, A/P, I/S) towards which the x, y and z axis run.
    /// </param>
    public static OrientVolumeEstimator OrientVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        string orientation = "LPS") =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, orientation);

    /// <summary>Create a <see cref="CropVolumeEstimator"/>, which cuts a part out of volumes.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="options">What to keep.</param>
    public static CropVolumeEstimator CropVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        CropVolumeEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());

    /// <summary>Create a <see cref="ResampleInPlaneEstimator"/>, which resamples slices to square pixels.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="options">Spacing and size.</param>
    public static ResampleInPlaneEstimator ResampleInPlane(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        ResampleInPlaneEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());

    /// <summary>Create a <see cref="NormalizeIntensityEstimator"/>, which maps intensities to [-1, 1].</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="window">The intensities that map to [-1, 1]; <see cref="IntensityWindow.Ct"/> where it is null.</param>
    public static NormalizeIntensityEstimator NormalizeIntensity(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        IntensityWindow? window = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, window ?? IntensityWindow.Ct);

    /// <summary>Create a <see cref="PrepareVolumeEstimator"/>, which does all that comes before a network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of prepared volumes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="options">How to prepare.</param>
    /// <exception cref="MkdSeg.Common.UserErrorException">Options that make no sense, or a box column missing.</exception>
    public static PrepareVolumeEstimator PrepareVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        PrepareVolumeEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());

    /// <summary>Create a <see cref="LocateLabelsEstimator"/>, which finds the box around labelled voxels.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of boxes to make.</param>
    /// <param name="inputColumnName">The column of class volumes; the output's name where it is null.</param>
    public static LocateLabelsEstimator LocateLabels(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>
    /// Create a <see cref="LoadNetworkEstimator"/>, which gives several steps the same network; drop its column behind
    /// them.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The text column to make.</param>
    /// <param name="model">The bytes of the ONNX file; they become part of a saved pipeline.</param>
    public static LoadNetworkEstimator LoadNetwork(
        this TransformsCatalog catalog, string outputColumnName, byte[] model) =>
        new(catalog, outputColumnName, model);

    /// <summary>Create a <see cref="LocateHeartEstimator"/>, which finds where the heart lies.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of boxes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="models">The bytes of the segmentors' ONNX files; they become part of a saved pipeline.</param>
    /// <param name="options">How to look for the heart.</param>
    public static LocateHeartEstimator LocateHeart(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        IReadOnlyList<byte[]> models,
        LocateHeartEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, models, options ?? new());

    /// <summary>Create a <see cref="LocateHeartEstimator"/> whose networks come from columns.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of boxes to make.</param>
    /// <param name="inputColumnName">The column of volumes; the output's name where it is null.</param>
    /// <param name="networkColumnNames">One to eight text columns that <see cref="LoadNetwork"/> made.</param>
    /// <param name="options">How to look for the heart.</param>
    public static LocateHeartEstimator LocateHeart(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        IReadOnlyList<string> networkColumnNames,
        LocateHeartEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, networkColumnNames, options ?? new());

    /// <summary>Create a <see cref="SegmentSlicesEstimator"/>, which passes slices through an ONNX network.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to make.</param>
    /// <param name="inputColumnName">The column of prepared volumes; the output's name where it is null.</param>
    /// <param name="model">The bytes of the ONNX file; they become part of a saved pipeline.</param>
    /// <param name="options">Where and how the network runs.</param>
    public static SegmentSlicesEstimator SegmentSlices(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        byte[] model,
        SegmentSlicesEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, model, options ?? new());

    /// <summary>Create a <see cref="SegmentSlicesEstimator"/> whose network comes from a column.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to make.</param>
    /// <param name="inputColumnName">The column of prepared volumes; the output's name where it is null.</param>
    /// <param name="networkColumnName">A text column that <see cref="LoadNetwork"/> made.</param>
    /// <param name="options">Where and how the network runs.</param>
    public static SegmentSlicesEstimator SegmentSlices(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        string networkColumnName,
        SegmentSlicesEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, networkColumnName, options ?? new());

    /// <summary>
    /// Create a <see cref="SegmentVolumeEstimator"/>, which takes prepared volumes to masks on the volumes' own grids.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of segmentations to make.</param>
    /// <param name="inputColumnName">The column of prepared volumes; the output's name where it is null.</param>
    /// <param name="networkColumnNames">One to eight text columns that <see cref="LoadNetwork"/> made.</param>
    /// <param name="options">The original volumes' column, weights, mirror images, device.</param>
    public static SegmentVolumeEstimator SegmentVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        IReadOnlyList<string> networkColumnNames,
        SegmentVolumeEstimator.Options? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, networkColumnNames, options ?? new());

    /// <summary>Create a <see cref="SelectMaskEstimator"/>, which takes a mask out of a segmentation.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnName">The column of segmentations; the output's name where it is null.</param>
    /// <param name="segmentor">The number of a segmentor, from 0, for its own mask; null for that of all together.</param>
    public static SelectMaskEstimator SelectMask(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, int? segmentor = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, segmentor);

    /// <summary>
    /// Create a <see cref="SelectDisagreementEstimator"/>, which takes the map of disagreement out of a segmentation.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnName">The column of segmentations; the output's name where it is null.</param>
    public static SelectDisagreementEstimator SelectDisagreement(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>Create an <see cref="AverageProbabilitiesEstimator"/>, which averages several segmentors.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of probabilities to make.</param>
    /// <param name="inputColumnNames">One to eight columns of probabilities.</param>
    /// <param name="weights">A weight for each input; equal ones where it is null.</param>
    public static AverageProbabilitiesEstimator AverageProbabilities(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        IReadOnlyList<double>? weights = null) =>
        new(catalog, outputColumnName, inputColumnNames, weights);

    /// <summary>Create a <see cref="VoteClassesEstimator"/>, which lets several segmentors vote.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnNames">One to eight columns of class volumes.</param>
    /// <param name="weights">A weight for each input; equal ones where it is null.</param>
    public static VoteClassesEstimator VoteClasses(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        IReadOnlyList<double>? weights = null) =>
        new(catalog, outputColumnName, inputColumnNames, weights);

    /// <summary>Create a <see cref="MapDisagreementEstimator"/>, which says where several segmentors disagree.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of volumes to make.</param>
    /// <param name="inputColumnNames">Two to eight columns of probabilities.</param>
    public static MapDisagreementEstimator MapDisagreement(
        this TransformsCatalog catalog, string outputColumnName, IReadOnlyList<string> inputColumnNames) =>
        new(catalog, outputColumnName, inputColumnNames);

    /// <summary>Create a <see cref="MeasureAgreementEstimator"/>, which says how well several segmentors agree.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The vector column to make.</param>
    /// <param name="inputColumnNames">Two to eight columns of class volumes.</param>
    /// <param name="labels">The structures; the seven of MM-WHS where it is null.</param>
    public static MeasureAgreementEstimator MeasureAgreement(
        this TransformsCatalog catalog,
        string outputColumnName,
        IReadOnlyList<string> inputColumnNames,
        LabelSet? labels = null) =>
        new(catalog, outputColumnName, inputColumnNames, labels ?? LabelSet.WholeHeart);

    /// <summary>Create a <see cref="KeepLargestComponentsEstimator"/>, which clears stray parts of structures.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnName">The column of class volumes; the output's name where it is null.</param>
    public static KeepLargestComponentsEstimator KeepLargestComponents(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>Create a <see cref="FillHolesEstimator"/>, which fills closed cavities within structures.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnName">The column of class volumes; the output's name where it is null.</param>
    /// <param name="largestMl">Cavities above this volume, in mL, stay.</param>
    public static FillHolesEstimator FillHoles(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        double largestMl = double.PositiveInfinity) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, largestMl);

    /// <summary>Create a <see cref="MeasureVolumesEstimator"/>, which measures structures in mL.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The vector column to make.</param>
    /// <param name="inputColumnName">The column of class volumes; the output's name where it is null.</param>
    /// <param name="labels">The structures; the seven of MM-WHS where it is null.</param>
    public static MeasureVolumesEstimator MeasureVolumes(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        LabelSet? labels = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, labels ?? LabelSet.WholeHeart);

    /// <summary>Create a <see cref="SaveVolumeEstimator"/>, which writes volumes to files.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The text column to make: paths of the files.</param>
    /// <param name="inputColumnName">The column of volumes.</param>
    /// <param name="options">Where the files go.</param>
    public static SaveVolumeEstimator SaveVolume(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        SaveOptions? options = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new());

    /// <summary>Create a <see cref="SaveLabelsEstimator"/>, which writes masks to files.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The text column to make: paths of the files.</param>
    /// <param name="inputColumnName">The column of class volumes.</param>
    /// <param name="options">Where the files go.</param>
    /// <param name="labels">The structures' label values; the seven of MM-WHS where it is null.</param>
    public static SaveLabelsEstimator SaveLabels(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        SaveOptions? options = null,
        LabelSet? labels = null) =>
        new(
            catalog, outputColumnName, inputColumnName ?? outputColumnName, options ?? new(),
            labels ?? LabelSet.WholeHeart);

    /// <summary>Create an <see cref="ArgMaxEstimator"/>, which takes the most probable class of every voxel.</summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnName">The column of probabilities; the output's name where it is null.</param>
    public static ArgMaxEstimator ArgMax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>
    /// Create a <see cref="RestoreGeometryEstimator"/>, which brings masks back into the grid of the volume as it was
    /// read.
    /// </summary>
    /// <param name="catalog">The transforms' catalog.</param>
    /// <param name="outputColumnName">The column of class volumes to make.</param>
    /// <param name="inputColumnName">The column of probabilities or class volumes.</param>
    /// <param name="originalColumnName">The column of volumes as they were read.</param>
    /// <param name="fromProbabilities">
    /// Whether the input holds probabilities, which are interpolated, or class volumes, which are not.
    /// </param>
    public static RestoreGeometryEstimator RestoreGeometry(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        string originalColumnName = "Volume",
        bool fromProbabilities = true) =>
        new(catalog, outputColumnName, inputColumnName ?? outputColumnName, originalColumnName, fromProbabilities);
}
