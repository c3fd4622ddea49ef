using MkdSeg.Volumes;

namespace MkdSeg.Experiments.Planning;

/// <summary>
/// The long setting: as many passes over the data as the paper makes, and the test volumes scored on the way. Scores are
/// looked at and select nothing: what is exported and tabulated is the last model.
/// </summary>
/// <param name="Slices">Slices of the assistant's training volumes, which a pass is counted by.</param>
internal sealed record LongSchedule(int Slices)
{
    /// <summary>Passes over the assistant's slices, at least; a stage of a method in two stages has as many.</summary>
    public const int Passes = 40;

    /// <summary>Points of each stage's curve.</summary>
    public const int Points = 12;

    public const int BatchSize = 4;

    /// <summary>Volumes of the phantom that help: half of the paper's 20, one of the counts of its Table 3.</summary>
    public const int AssistantVolumes = 10;

    /// <summary>Slices of the phantom, so that few of them make a heart.</summary>
    public const double SliceThicknessMm = 9;

    public static LongSchedule Of(VolumeManifest manifest, IEnumerable<CaseEntry> assistant, PreprocessingOptions options)
    {
        var reader = new DatasetReader(manifest);
        return new(assistant.Sum(entry =>
        {
            var classes = reader.Read(entry).Classes!;
            var grid = Orientation.Reorient(classes.Grid, options.Orientation);
            return NetworkGrid.Create(grid, options with { Crop = CropRule.Label }, HeartBox.FromClasses(classes)).Size.Z;
        }));
    }

    /// <summary>The iterations that make the passes, in as many equal parts as the curves have points.</summary>
    public int Iterations => Points * Quotient(Passes * Slices, BatchSize * Points);

    /// <summary>Batch, length, the paper's decay and the points of curves; fewer iterations may be given.</summary>
    public TrainingOptions Apply(TrainingOptions options, int? iterations)
    {
        var count = iterations ?? Iterations;
        return options with
        {
            Iterations = count,
            BatchSize = BatchSize,
            // Of the assistant's slices, also for methods without it: with 4 CT, an epoch of the target is so short that
            // all rates would be next to 0 before a third of the training is over.
            EpochIterations = Quotient(Slices, BatchSize),
            SegmentorRate = options.SegmentorRate with { Decay = LearningRateDecay.StepEveryTwoEpochs },
            AdversarialRate = options.AdversarialRate with { Decay = LearningRateDecay.LinearInSecondHalf },
            Validation = new() { Iterations = Quotient(count, Points), SelectBest = false },
        };
    }

    /// <summary>The passes that iterations make over the assistant's slices.</summary>
    public double PassesOf(long iterations) => (double)iterations * BatchSize / Slices;

    private static int Quotient(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
