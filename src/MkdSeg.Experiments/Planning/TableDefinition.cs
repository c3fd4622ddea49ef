namespace MkdSeg.Experiments.Planning;

/// <summary>A table of the paper by number: its modalities, and its rows in the paper's order.</summary>
internal sealed record TableDefinition(
    int Number, string Title, string TargetModality, string AssistantModality, IReadOnlyList<TableRow> Rows)
{
    /// <summary>Name of the row in Tables 1 and 4 with which the others are compared.</summary>
    public const string BaselineRow = "Baseline";

    private const string Ct = "CT";
    private const string Mr = "MR";

    // The methods of the long setting: a run takes hours, and the question is whether MKD leads.
    private static readonly string[] LongComparison =
        ["baseline", "fine-tune", "joint-training", JointStrong, "zhang", "zhang-ensemble", "mkd"];

    private const string JointStrong = "joint-strong";

    private static readonly TableRow[] Comparison =
    [
        new(BaselineRow, "baseline"),
        new("Fine-tune", "fine-tune"),
        new("Joint-training", "joint-training"),
        new("Joint-training, strong augmentation", JointStrong),
        new("X-shape (Valindria 2018)", "x-shape"),
        new("Jiang 2018", "jiang"),
        // The first of the two segmentors is bit-identical to one trained alone, so one training run serves both rows.
        new("Zhang 2018", "zhang") { TrainedMethod = "zhang-ensemble", Member = RowMember.First },
        new("Zhang 2018, ensemble of two", "zhang-ensemble"),
        new("UMMKD (Dou 2020)", "ummkd"),
        .. Members("MKD", "mkd"),
    ];

    public static IReadOnlyList<TableDefinition> All { get; } =
    [
        new(1, "Comparison of methods", Ct, Mr, Comparison),
        new(2, "Ablation of MKD", Ct, Mr,
        [
            .. Members("without IAM", "mkd-without-iam"),
            .. Members("without L_kd^{s→r}", "mkd-without-kd-to-real"),
            .. Members("without L_kd^{r→s}", "mkd-without-kd-to-syn"),
            .. Members("full", "mkd"),
        ]),
        new(3, "Amount of assistant data", Ct, Mr,
        [
            .. ((int[])[5, 10, 20]).Select(count => new TableRow($"{count} {Mr}", "mkd") { AssistantVolumes = count }),
        ]),
        new(4, "Comparison of methods with the modalities exchanged", Mr, Ct, Comparison),
    ];

    /// <summary>Returns the tables with the given numbers, or all, with the rows of a setting.</summary>
    public static IReadOnlyList<TableDefinition> Of(ExperimentSetting setting, IReadOnlyList<int> numbers)
    {
        var isLong = setting == ExperimentSetting.Long;
        foreach (var number in numbers.Where(number => All.All(table => table.Number != number)))
            throw new UserErrorException($"There is no table {number}; the paper has Tables 1, 2, 3 and 4.");
        if (isLong && numbers.Any(number => number > 2))
        {
            throw new UserErrorException(
                $"Table {numbers.First(number => number > 2)} was requested, but the long setting has only Tables 1 and 2; "
                + "build the others in the setting scarce or folds.");
        }

        return
        [
            .. All.Where(table => numbers.Count == 0 ? !isLong || table.Number <= 2 : numbers.Contains(table.Number))
                .Select(table => table with
                {
                    Rows =
                    [
                        .. table.Rows.Where(row => isLong
                            ? table.Number == 2 || LongComparison.Contains(row.Method)
                            : row.Method != JointStrong),
                    ],
                }),
        ];
    }

    private static TableRow[] Members(string name, string method) =>
    [
        new($"{name}, S_syn", method) { Member = RowMember.SSyn },
        new($"{name}, S_real", method) { Member = RowMember.SReal },
        new($"{name}, ensemble", method),
    ];
}

/// <summary>A row of a table: its name, its method, and which of the method's segmentors it shows.</summary>
internal sealed record TableRow(string Name, string Method)
{
    /// <summary>The method to train for the row, if it differs from <see cref="Method"/>.</summary>
    public string TrainedMethod { get; init; } = Method;

    /// <summary>Which masks of the run the row shows.</summary>
    public RowMember Member { get; init; } = RowMember.Ensemble;

    /// <summary>Number of assistant volumes used for training; null for all.</summary>
    public int? AssistantVolumes { get; init; }
}

/// <summary>Selects one set of a run's masks.</summary>
internal enum RowMember
{
    /// <summary>The masks of all segmentors together, or of the only segmentor.</summary>
    Ensemble,

    /// <summary>The masks of the bundle's first segmentor.</summary>
    First,

    SSyn,

    SReal,
}
