using MkdSeg.Volumes;

namespace MkdSeg.Experiments.Planning;

/// <summary>
/// The long setting: as many passes over the data as in the paper, with the test volumes scored during training. The scores
/// are for inspection only and select nothing: the last model is exported and tabulated.
/// </summary>
/// <param name="Slices">Number of slices in the assistant's training volumes, all of which make up one pass.</param>
internal sealed record LongSchedule(int Slices)
{
    /// <summary>Minimum number of passes over the assistant's slices; in a two-stage method, per stage.</summary>
    public const int Passes = 40;

    /// <summary>Points on each stage's curve.</summary>
    public const int Points = 12;

    public const int BatchSize = 4;

    /// <summary>Assistant volumes of the phantom: half of the paper's 20, and one of the counts in its Table 3.</summary>
    public const int AssistantVolumes = 10;

    /// <summary>Slice thickness of the phantom, so that few slices cover a heart.</summary>
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

    /// <summary>Iterations needed for the passes, divisible into as many equal parts as the curves have points.</summary>
    public int Iterations => Points * Quotient(Passes * Slices, BatchSize * Points);

    /// <summary>Sets batch size, length, the paper's decay and the curve points; fewer iterations may be requested.</summary>
    public TrainingOptions Apply(TrainingOptions options, int? iterations)
    {
        var count = iterations ?? Iterations;
        return options with
        {
            Iterations = count,
            BatchSize = BatchSize,
            // Counted in the assistant's slices, even for methods without an assistant: with 4 CT, an epoch of the target is
            // so short that all rates would be almost 0 before a third of the training is over.
            EpochIterations = Quotient(Slices, BatchSize),
            SegmentorRate = options.SegmentorRate with { Decay = LearningRateDecay.StepEveryTwoEpochs },
            AdversarialRate = options.AdversarialRate with { Decay = LearningRateDecay.LinearInSecondHalf },
            Validation = new() { Iterations = Quotient(count, Points), SelectBest = false },
        };
    }

    /// <summary>Converts iterations to passes over the assistant's slices.</summary>
    public double PassesOf(long iterations) => (double)iterations * BatchSize / Slices;

    private static int Quotient(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
