using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.Reports.Model;

/// <summary>All that a report says; the page only lays it out. A part that is null or empty is left out.</summary>
internal sealed record ReportModel
{
    public required string Title { get; init; }

    public required DateTimeOffset Made { get; init; }

    /// <summary>Whether the data are phantoms, by their manifest.</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>What was run on what.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    public required LabelSet Labels { get; init; }

    /// <summary>Dice of every prediction; the one that matters most comes last.</summary>
    public IReadOnlyList<PredictionScores> Predictions { get; init; } = [];

    /// <summary>Cases that were to be scored and have no mask, with the reason.</summary>
    public IReadOnlyList<Fact> FailedCases { get; init; } = [];

    public CurveTable? Curves { get; init; }

    /// <summary>The training of the network that finds the heart, which counts its own iterations.</summary>
    public CurveTable? Locator { get; init; }

    /// <summary>Dice on validation volumes, each with the iterations of its own.</summary>
    public IReadOnlyList<CurveGroup> Validation { get; init; } = [];

    /// <summary>Pictures of some cases, best first.</summary>
    public IReadOnlyList<CasePictures> Pictures { get; init; } = [];

    public IReadOnlyList<TranslationExample> Translations { get; init; } = [];

    public IReadOnlyList<AgreementPoint> Agreement { get; init; } = [];

    public IReadOnlyList<TimeRow> Times { get; init; } = [];

    /// <summary>The effective options of the training, flattened.</summary>
    public IReadOnlyList<Fact> Configuration { get; init; } = [];

    public IReadOnlyList<Fact> Environment { get; init; } = [];

    public IReadOnlyList<ViewerCase> ViewerCases { get; init; } = [];

    /// <summary>One sentence for each part that is left out or shortened.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>Something with a name.</summary>
internal sealed record Fact(string Name, string Value);

/// <summary>The losses of a training, averaged over spans of iterations.</summary>
/// <param name="Span">Iterations that each point stands for.</param>
/// <param name="Iterations">The last iteration of each point, counted over all stages.</param>
/// <param name="Stages">The stages with the iteration that each begins with.</param>
/// <param name="Columns">The curves; NaN where a span has no value.</param>
/// <param name="Total">All iterations.</param>
/// <param name="Seconds">Of the training; null where the table does not say.</param>
internal sealed record CurveTable(
    int Span,
    IReadOnlyList<long> Iterations,
    IReadOnlyList<(string Name, long First)> Stages,
    IReadOnlyList<Curve> Columns,
    long Total,
    double? Seconds);

/// <summary>One column of a table of iterations; NaN where it has no value.</summary>
internal sealed record Curve(string Name, IReadOnlyList<double> Values);

/// <summary>Curves that share a chart.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Axis">What the values are.</param>
/// <param name="IsLogarithmic">Whether the values' axis is logarithmic.</param>
/// <param name="Iterations">The iteration of each value.</param>
/// <param name="Curves">The curves.</param>
internal sealed record CurveGroup(
    string Title, string Axis, bool IsLogarithmic, IReadOnlyList<long> Iterations, IReadOnlyList<Curve> Curves)
{
    /// <summary>Whether the iterations are not those of the training's stages.</summary>
    public bool HasOwnCount { get; init; }
}

/// <summary>Agreement of the segmentors on one structure of one case, and how well the ensemble did there.</summary>
internal sealed record AgreementPoint(string CaseId, int ClassIndex, double Agreement, double Dice);

/// <summary>Time that something took.</summary>
/// <param name="What">What.</param>
/// <param name="Seconds">Seconds in total.</param>
/// <param name="Count">How often it was done; null where that makes no sense.</param>
internal sealed record TimeRow(string What, double Seconds, int? Count);

/// <summary>A case in three planes.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Rank">Such as "best".</param>
/// <param name="Dice">Mean Dice; null where there is no annotation.</param>
/// <param name="Rows">Annotation and prediction: the PNG of each plane.</param>
internal sealed record CasePictures(
    string CaseId, string Rank, double? Dice, IReadOnlyList<(string Name, IReadOnlyList<byte[]> Planes)> Rows);

/// <summary>A slice on its way through the generators: x^a, x^{a→t}, x^{a→t→a}, as PNG.</summary>
internal sealed record TranslationExample(string CaseId, byte[] Original, byte[] Translated, byte[] Back, double CycleError);

/// <summary>A case for the viewer; volumes are gzip-compressed NIfTI files.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Rank">Such as "best".</param>
/// <param name="Lower">The intensity that is black.</param>
/// <param name="Upper">The intensity that is white.</param>
/// <param name="CentreMm">The middle of the structures, mm to the patient's right, front and head as in NIfTI.</param>
/// <param name="Image">Intensities.</param>
/// <param name="Masks">Class indices of annotation and predictions.</param>
internal sealed record ViewerCase(
    string CaseId,
    string Rank,
    double Lower,
    double Upper,
    Vector3D CentreMm,
    byte[] Image,
    IReadOnlyList<(string Name, byte[] Mask)> Masks);
