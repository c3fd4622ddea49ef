namespace MkdSeg.Reports;

/// <summary>The content of a report; the page only lays it out. Parts that are null or empty are left out.</summary>
internal sealed record ReportModel
{
    public required string Title { get; init; }
    public required DateTimeOffset Made { get; init; }
    public bool IsSynthetic { get; init; }
    public IReadOnlyList<Fact> Facts { get; init; } = [];
    public required LabelSet Labels { get; init; }

    /// <summary>Dice of every prediction; the model's own comes last.</summary>
    public IReadOnlyList<PredictionScores> Predictions { get; init; } = [];

    /// <summary>The names of other models' predictions that the model's own is compared with.</summary>
    public IReadOnlyList<string> Compared { get; init; } = [];
    public IReadOnlyList<Fact> FailedCases { get; init; } = [];

    public MeasurementTable? Measurements { get; init; }

    public CurveTable? Curves { get; init; }

    /// <summary>The training of the locator network, which counts its own iterations.</summary>
    public CurveTable? Locator { get; init; }
    public IReadOnlyList<CurveGroup> Validation { get; init; } = [];

    /// <summary>SVG plots of all methods of the run's experiment.</summary>
    public IReadOnlyList<byte[]> MethodPlots { get; init; } = [];

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

/// <summary>Measurements of each case: headings, and one text per heading for each case, with smaller text below it.</summary>
internal sealed record MeasurementTable(IReadOnlyList<string> Heads, IReadOnlyList<MeasurementRow> Rows);

internal sealed record MeasurementRow(string CaseId, IReadOnlyList<(string Text, string Below)> Cells);

internal sealed record Fact(string Name, string Value);

/// <summary>Dice of one prediction, such as S_syn or the ensemble.</summary>
internal sealed record PredictionScores(string Name, IReadOnlyList<SegmentationScores> Cases)
{
    /// <summary>Returns one structure's mean over the cases; NaN if no case has a value.</summary>
    public double StructureMean(int structure) => ScoreTable.MeanOfNumbers(Cases.Select(item => item.Dice[structure]));

    /// <summary>Returns one structure's sample standard deviation over the cases; NaN with fewer than two values.</summary>
    public double StructureDeviation(int structure)
    {
        double[] values = [.. Cases.Select(item => item.Dice[structure]).Where(value => !double.IsNaN(value))];
        var mean = StructureMean(structure);
        return values.Length < 2
            ? double.NaN
            : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    /// <summary>Returns the mean of the structures' means, as in <c>mkdseg evaluate</c>.</summary>
    public double OverallMean(int structures) =>
        ScoreTable.MeanOfNumbers(Enumerable.Range(0, structures).Select(StructureMean));

    /// <summary>Returns the scores of the cases that another prediction also has.</summary>
    public PredictionScores SharedWith(PredictionScores other) =>
        this with { Cases = [.. Cases.Where(item => other.Case(item.CaseId) is not null)] };

    public SegmentationScores? Case(string id) => Cases.FirstOrDefault(item => item.CaseId == id);
}

/// <summary>Losses; each point is the mean of <c>Span</c> iterations (NaN: none) up to <c>Iterations</c>.</summary>
internal sealed record CurveTable(
    int Span,
    IReadOnlyList<long> Iterations,
    IReadOnlyList<(string Name, long First)> Stages,
    IReadOnlyList<Curve> Columns,
    long Total,
    double? Seconds);

internal sealed record Curve(string Name, IReadOnlyList<double> Values);

internal sealed record CurveGroup(
    string Title, string Axis, bool IsLogarithmic, IReadOnlyList<long> Iterations, IReadOnlyList<Curve> Curves)
{
    /// <summary>Whether the iterations are counted separately from the training stages.</summary>
    public bool HasOwnCount { get; init; }
}

/// <summary>Agreement of the segmentors on one structure of one case, and the ensemble's Dice there.</summary>
internal sealed record AgreementPoint(string CaseId, int ClassIndex, double Agreement, double Dice);

/// <summary>Total seconds of a step, and how often it was done where applicable.</summary>
internal sealed record TimeRow(string What, double Seconds, int? Count);

/// <summary>A case in three planes: the PNGs of annotation and prediction, and its mean Dice if there is an annotation.</summary>
internal sealed record CasePictures(
    string CaseId, string Rank, double? Dice, IReadOnlyList<(string Name, IReadOnlyList<byte[]> Planes)> Rows);

/// <summary>x^a, x^{a→t} and x^{a→t→a} of one slice, as PNG.</summary>
internal sealed record TranslationExample(
    string CaseId, string From, string To, byte[] Original, byte[] Translated, byte[] Back, double CycleError);

/// <summary>A case for the viewer: gzip-compressed NIfTI files, grey window, structures' centre in RAS mm.</summary>
internal sealed record ViewerCase(
    string CaseId,
    string Rank,
    double Lower,
    double Upper,
    Vector3D CentreMm,
    byte[] Image,
    IReadOnlyList<(string Name, byte[] Mask)> Masks);
