using MkdSeg.Phantom;

namespace MkdSeg.Experiments.Planning;

/// <summary>The phantom data set that experiments use by default.</summary>
internal static class ExperimentData
{
    /// <summary>As many training volumes as MM-WHS, and 10 test volumes per modality.</summary>
    public static PhantomDatasetOptions Full { get; } = new()
    {
        CtTrain = 20,
        MrTrain = 20,
        CtTest = 10,
        MrTest = 10,
        // Anatomy: hearts vary more than image appearance, so the hearts seen in MR are useful for CT.
        Variation = PhantomVariation.Anatomy,
    };

    /// <summary>The fewest volumes from which every table can be built.</summary>
    public static PhantomDatasetOptions Quick { get; } = Full with { CtTrain = 4, CtTest = 1, MrTest = 1 };

    /// <summary>
    /// Returns the volumes of a setting; the long setting has fewer MR volumes, thick slices and no MR test volumes.
    /// </summary>
    public static PhantomDatasetOptions Of(ExperimentSetting setting, bool quick)
    {
        var options = quick ? Quick : Full;
        return setting == ExperimentSetting.Long
            ? options with
            {
                MrTrain = LongSchedule.AssistantVolumes, MrTest = 0, SliceThicknessMm = LongSchedule.SliceThicknessMm,
            }
            : options;
    }

    /// <summary>Generates the data set in an experiment's folder; existing volumes are kept.</summary>
    public static VolumeManifest Make(
        string root,
        PhantomDatasetOptions options,
        IProgress<WorkEvent>? progress = null,
        CancellationToken cancellation = default)
    {
        var variation = options.Variation.ToString().ToLowerInvariant();

        // Each choice has its own folder, so that a quick experiment cannot remove the volumes of a longer one.
        var thickness = options.SliceThicknessMm is { } mm ? FormattableString.Invariant($"-{mm}mm") : "";
        var folder = Path.Combine(
            root, "data", $"phantom-{variation}-seed{options.Seed}-{options.CtTrain}ct-{options.MrTrain}mr{thickness}");
        // Several shards may start in one folder at the same time: one generates the volumes, the others reuse them.
        using var turn = FolderLock.Wait(folder, cancellation);
        return PhantomDataset.Write(folder, options, progress, cancellation);
    }
}
