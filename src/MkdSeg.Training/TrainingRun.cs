using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Json;
using MkdSeg.Labels;
using MkdSeg.Preprocessing;
using MkdSeg.Randomness;
using MkdSeg.Training.Bundles;
using MkdSeg.Training.Checkpoints;
using MkdSeg.Training.Data;
using MkdSeg.Training.Engine;
using MkdSeg.Training.Locating;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training;

/// <summary>A training from data to a bundle. Leaves in the run folder what is needed to understand it later.</summary>
public static class TrainingRun
{
    /// <summary>The effective configuration, in the run folder.</summary>
    public const string ConfigurationFile = "training.json";

    /// <summary>The checkpoints, in the run folder.</summary>
    public const string CheckpointsFolder = "checkpoints";

    /// <summary>Trains and exports.</summary>
    /// <param name="source">Names, labels and options.</param>
    /// <param name="target">Annotated target volumes; read one after the other, not kept.</param>
    /// <param name="assistant">Annotated assistant volumes, likewise; not read by methods that use none.</param>
    /// <param name="runFolder">Where metrics.csv and training.json go.</param>
    /// <param name="bundleFolder">Where the bundle goes; a snapshot of the unfinished model lies there meanwhile.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="resume">Go on from the run folder's last checkpoint if there is one; else begin anew.</param>
    /// <param name="cancellation">Stops the training between two iterations.</param>
    /// <returns>The bundle.</returns>
    /// <exception cref="UserErrorException">Options or data that do not fit, or a training that broke down.</exception>
    public static ModelBundle Execute(
        TrainingSource source,
        IEnumerable<LabelledVolume> target,
        IEnumerable<LabelledVolume> assistant,
        string runFolder,
        string bundleFolder,
        ITrainingProgress progress,
        bool resume = false,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var options = source.Options;
        var locator = options.Locator?.For(options.Target);
        var coarse = new List<LocatorCase>();
        return Execute(
            source,
            target.Select(volume =>
            {
                var slices = Cut(volume, options.Target, options.FieldSide);
                if (locator is not null)
                    coarse.Add(LocatorCase.Of(volume.Image, volume.Classes!, locator.Settings));
                return slices;
            }),
            assistant.Select(volume => Cut(volume, options.Assistant, options.FieldSide)),
            runFolder,
            bundleFolder,
            progress,
            resume,
            locator is null ? null : TrainLocator,
            cancellation);

        LocatorModel TrainLocator(TorchSharp.torch.Device device) =>
            new LocatorTraining(locator, source.TargetModality, source.Labels, options.Seed, device).Run(
                coarse,
                runFolder,
                new(Path.Combine(runFolder, CheckpointsFolder, LocatorTraining.CheckpointsFolder), options.KeptCheckpoints),
                options.CheckpointIterations,
                progress,
                cancellation);
    }

    /// <summary>Trains on photographs and exports; see the overload for volumes.</summary>
    /// <exception cref="UserErrorException">Options or data that do not fit, or a training that broke down.</exception>
    public static ModelBundle Execute(
        TrainingSource source,
        IEnumerable<LabelledPhotograph> target,
        IEnumerable<LabelledPhotograph> assistant,
        string runFolder,
        string bundleFolder,
        ITrainingProgress progress,
        bool resume = false,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Execute(
            source,
            target.Select(Cut),
            assistant.Select(Cut),
            runFolder,
            bundleFolder,
            progress,
            resume,
            trainLocator: null,
            cancellation);

        TrainingCase Cut(LabelledPhotograph photograph) =>
            new(photograph.Warnings, PhotographPreparation.Cut(photograph, source.Options.FieldSide));
    }

    private static ModelBundle Execute(
        TrainingSource source,
        IEnumerable<TrainingCase> target,
        IEnumerable<TrainingCase> assistant,
        string runFolder,
        string bundleFolder,
        ITrainingProgress progress,
        bool resume,
        Func<TorchSharp.torch.Device, LocatorModel>? trainLocator,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var options = source.Options;
        options.Validate();
        var info = TrainingMethods.Find(options.Method);
        var device = ComputeDevice.Open(options.Device, options.Threads);
        var checkpoints = new CheckpointFolder(Path.Combine(runFolder, CheckpointsFolder), options.KeptCheckpoints);
        if (resume)
        {
            CheckSameOptions(runFolder, options);
        }
        else
        {
            checkpoints.Clear();
        }

        StrictJson.Save(Path.Combine(runFolder, ConfigurationFile), options);

        var random = new SeededRandom(options.Seed);
        var targetSampler = Sampler(source, target, source.TargetModality, random, progress);
        var assistantSampler = info.UsesAssistant
            ? Sampler(source, assistant, source.AssistantModality, random, progress)
            : null;
        // First, so that every snapshot of the method's networks has it.
        var locator = trainLocator?.Invoke(device);
        var networks = new NetworkFactory(options, source.Labels.ClassCount, device);
        using var method = info.Create(networks, options);
        var parameters = method.Networks.Sum(network => network.Parameters.Count);
        progress.Say(
            $"Training {info.Name} for {string.Join(" + ", method.Stages.Select(_ => options.Iterations))} iterations "
            + $"on {device}: "
            + $"{method.Networks.Count} networks, {parameters} parameters.");
        var trainer = new Trainer(options, method, targetSampler, assistantSampler, device);
        KeyValuePair<string, ICheckpointed>[] states = [new("trainer", trainer), .. networks.Made];
        if (resume)
        {
            checkpoints.Restore(states, device, progress.Say);
        }

        trainer.Run(
            runFolder,
            progress,
            snapshot: () => BundleExporter.Export(bundleFolder, method, source, locator),
            checkpoint: () => checkpoints.Save(trainer.Iteration, states),
            cancellation);
        return BundleExporter.Export(bundleFolder, method, source, locator);
    }

    /// <summary>
    /// What forbids to resume a run with these options, one text per option; empty where nothing does, or where nothing has
    /// been begun. Where and how fast a run goes may change; what decides the weights may not.
    /// </summary>
    /// <exception cref="UserErrorException">The run's options cannot be read.</exception>
    public static IReadOnlyList<string> ChangedOptions(string runFolder, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = Path.Combine(runFolder, ConfigurationFile);
        if (!File.Exists(path))
        {
            return [];
        }

        var before = StrictJson.Load<TrainingOptions>(path) with
        {
            Device = options.Device,
            SnapshotMinutes = options.SnapshotMinutes,
            CheckpointIterations = options.CheckpointIterations,
            KeptCheckpoints = options.KeptCheckpoints,
        };
        return JsonDifferences.Between(before, options);
    }

    private static void CheckSameOptions(string runFolder, TrainingOptions options)
    {
        var changes = ChangedOptions(runFolder, options);
        if (changes.Count > 0)
        {
            throw new UserErrorException(
                $"The run in {runFolder} was begun with other options ({string.Join("; ", changes)}); "
                + "resume it with the ones it was begun with, or train into another folder.");
        }
    }

    private static SliceSampler Sampler(
        TrainingSource source,
        IEnumerable<TrainingCase> trainingCases,
        string modality,
        SeededRandom random,
        ITrainingProgress progress)
    {
        var options = source.Options;
        var slices = new List<TrainingSlice>();
        var cases = 0;
        foreach (var trainingCase in trainingCases)
        {
            foreach (var warning in trainingCase.Warnings)
            {
                progress.Say(warning);
            }

            slices.AddRange(trainingCase.Slices);
            cases++;
        }

        if (cases == 0)
        {
            throw new UserErrorException(
                $"There is no {modality} case to train on; give a manifest with annotated {modality} cases.");
        }

        progress.Say($"{modality}: {slices.Count} slices of {cases} cases.");
        return new(
            new(options.FieldSide, source.Labels.ClassCount, slices, options.Segmentor.InputChannels)
            {
                // Beyond a volume there is background; beyond a photograph the scene goes on.
                OutsideClass = source.TakesPhotographs ? LabelSet.IgnoredClass : (byte)0,
            },
            options.Augmentation,
            options.Target.PatchSize,
            random.Derive($"slices of {modality}"));
    }

    private static TrainingCase Cut(LabelledVolume volume, PreprocessingOptions preprocessing, int side)
    {
        var classes = volume.Classes ?? throw new UserErrorException(
            $"Case {volume.CaseId} has no annotation; training needs one for every case.");
        return new(volume.Warnings, SlicePreparation.Cut(volume.Image, classes, preprocessing, side));
    }
}
