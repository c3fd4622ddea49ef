using MkdSeg.Phantom;

namespace MkdSeg.Experiments.Planning;

/// <summary>The phantom data set that experiments use where no other is given.</summary>
internal static class ExperimentData
{
    /// <summary>As many volumes as MM-WHS has to train on, and 10 of each modality to test on.</summary>
    public static PhantomDatasetOptions Full { get; } = new()
    {
        CtTrain = 20,
        MrTrain = 20,
        CtTest = 10,
        MrTest = 10,
        // Anatomy: hearts differ more than images do, so that what MR shows of hearts is of use to CT.
        Variation = PhantomVariation.Anatomy,
    };

    /// <summary>As few volumes as every table can be made with.</summary>
    public static PhantomDatasetOptions Quick { get; } = Full with { CtTrain = 4, CtTest = 1, MrTest = 1 };

    /// <summary>The volumes of a setting: fewer MR, thick slices and no MR to test on in the long one.</summary>
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

    /// <summary>Makes the data set inside an experiment's folder; volumes that are there are kept.</summary>
    public static VolumeManifest Make(
        string root,
        PhantomDatasetOptions options,
        IProgress<WorkEvent>? progress = null,
        CancellationToken cancellation = default)
    {
        var variation = options.Variation.ToString().ToLowerInvariant();

        // Each choice has a folder of its own, so that a quick call cannot take volumes away from a long one.
        var thickness = options.SliceThicknessMm is { } mm ? FormattableString.Invariant($"-{mm}mm") : "";
        var folder = Path.Combine(
            root, "data", $"phantom-{variation}-seed{options.Seed}-{options.CtTrain}ct-{options.MrTrain}mr{thickness}");
        // Several shards may be started at once on one folder: one makes the volumes, the others find them.
        using var turn = FolderLock.Wait(folder, cancellation);
        return PhantomDataset.Write(folder, options, progress, cancellation);
    }
}
