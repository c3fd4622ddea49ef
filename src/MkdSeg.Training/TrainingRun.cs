using System.Diagnostics;
using System.Runtime.InteropServices;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Bundles;
using MkdSeg.Training.Checkpoints;
using MkdSeg.Training.Data;
using MkdSeg.Training.Locating;
using MkdSeg.Training.Validation;
using MkdSeg.Training.Watching;
using static TorchSharp.torch;

namespace MkdSeg.Training;

/// <summary>A training from data to a bundle. Leaves in the run folder what is needed to understand it later.</summary>
public static class TrainingRun
{
    /// <summary>The effective configuration, in the run folder.</summary>
    public const string ConfigurationFile = "training.json";

    /// <summary>The checkpoints, in the run folder.</summary>
    public const string CheckpointsFolder = "checkpoints";

    /// <summary>The last model, in the run folder, where the bundle holds the best one.</summary>
    public const string LastFolder = "last";

    /// <summary>Trains and exports.</summary>
    /// <param name="source">Names, labels and options.</param>
    /// <param name="volumes">Annotated volumes; read one after the other, not kept.</param>
    /// <param name="runFolder">Where metrics.csv, training.json, checkpoints and event files go.</param>
    /// <param name="bundleFolder">
    /// Where the bundle goes: the model that was best in validation, or the last one where there is none. A snapshot of the
    /// unfinished model lies there meanwhile.
    /// </param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="resume">Whether to go on from the run folder's last checkpoint, if there is one.</param>
    /// <param name="cancellation">Stops the training between two iterations.</param>
    /// <returns>The bundle.</returns>
    /// <exception cref="UserErrorException">Options or data that do not fit, or a training that broke down.</exception>
    public static ModelBundle Execute(
        TrainingSource source,
        TrainingVolumes volumes,
        string runFolder,
        string bundleFolder,
        ITrainingProgress progress,
        Resumption resume = Resumption.None,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(volumes);
        var options = source.Options;
        var locator = options.Locator?.For(options.Target);
        var coarse = new List<LocatorCase>();
        return Execute(
            source,
            Cut(source, volumes, volume =>
            {
                if (locator is not null)
                    coarse.Add(LocatorCase.Of(volume.Image, volume.Classes!, locator.Settings));
            }),
            runFolder,
            bundleFolder,
            progress,
            resume,
            locator is null ? null : TrainLocator,
            cancellation);

        LocatorModel TrainLocator(Device device) =>
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
        Resumption resume = Resumption.None,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Execute(
            source,
            Cut(source, target, assistant),
            runFolder,
            bundleFolder,
            progress,
            resume,
            trainLocator: null,
            cancellation);
    }

    /// <summary>Reads volumes, makes the networks and does an iteration; writes nothing.</summary>
    /// <param name="source">Names, labels and options.</param>
    /// <param name="volumes">Annotated volumes.</param>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="UserErrorException">What would stop the training.</exception>
    public static TrainingEstimate Estimate(TrainingSource source, TrainingVolumes volumes, ITrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(volumes);
        return Estimate(source, Cut(source, volumes, _ => { }), progress);
    }

    /// <summary>The same for photographs.</summary>
    /// <exception cref="UserErrorException">What would stop the training.</exception>
    public static TrainingEstimate Estimate(
        TrainingSource source,
        IEnumerable<LabelledPhotograph> target,
        IEnumerable<LabelledPhotograph> assistant,
        ITrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Estimate(source, Cut(source, target, assistant), progress);
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
            EventIterations = options.EventIterations,
        };
        return JsonDifferences.Between(before, options);
    }

    private static ModelBundle Execute(
        TrainingSource source,
        TrainingData data,
        string runFolder,
        string bundleFolder,
        ITrainingProgress progress,
        Resumption resume,
        Func<Device, LocatorModel>? trainLocator,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var options = source.Options;
        options.Validate();
        var checkpoints = new CheckpointFolder(Path.Combine(runFolder, CheckpointsFolder), options.KeptCheckpoints);
        if (resume == Resumption.Same)
        {
            CheckSameOptions(runFolder, options);
        }
        else if (resume == Resumption.None)
        {
            checkpoints.Clear();
        }

        return Guarded(runFolder, () =>
        {
            StrictJson.Save(Path.Combine(runFolder, ConfigurationFile), options);
            using var session = new TrainingSession(source, data, progress, trainLocator);
            progress.Say(
                $"Training {options.Method} for "
                + $"{string.Join(" + ", session.Method.Stages.Select(_ => options.Iterations))} iterations on "
                + $"{session.Device}{(options.Precision == Precision.Mixed ? " in mixed precision" : "")}: "
                + $"{session.Method.Networks.Count} networks, "
                + $"{session.Method.Networks.Sum(network => network.Parameters.Count)} parameters.");
            if (resume != Resumption.None)
            {
                checkpoints.Restore(session.States, session.Device, progress.Say);
            }

            return Train(session, source, runFolder, bundleFolder, checkpoints, progress, cancellation);
        });
    }

    private static ModelBundle Train(
        TrainingSession session,
        TrainingSource source,
        string runFolder,
        string bundleFolder,
        CheckpointFolder checkpoints,
        ITrainingProgress progress,
        CancellationToken cancellation)
    {
        var options = source.Options;
        var trainer = session.Trainer;
        string[] structures = [.. source.Labels.Structures.Select(structure => structure.Name)];
        var events = options.EventIterations > 0
            ? new EventLog(Path.Combine(runFolder, EventLog.FolderName), session.Method, source.Labels)
            : null;
        var scores = session.Validator is null
            ? null
            : new ValidationLog(Path.Combine(runFolder, ValidationLog.FileName), structures, trainer.Iteration);
        // The bundle's place belongs to the best model where models are compared.
        var lastFolder = session.Validator is null ? bundleFolder : Path.Combine(runFolder, LastFolder);
        if (events is not null)
        {
            trainer.Stepped += step =>
            {
                if (step.Iteration % options.EventIterations == 0)
                {
                    events.Write(step.Iteration, step.Rates, step.Losses);
                    events.WriteImages(step.Iteration, step.TargetImages, step.AssistantImages);
                }
            };
        }

        trainer.Run(
            runFolder,
            progress,
            snapshot: () => session.Export(lastFolder),
            checkpoint: () => checkpoints.Save(trainer.Iteration, session.States),
            validate: session.Validator is null ? null : Validate,
            cancellation);
        var last = session.Export(lastFolder);
        if (session.Validator is null)
        {
            return last;
        }

        progress.Say(FormattableString.Invariant(
            $"The bundle is the model of iteration {session.Best.Iteration}, the best in validation (mean Dice {session.Best.MeanDice:0.000}); the last one is in {lastFolder}."));
        return ModelBundle.Load(bundleFolder);

        void Validate()
        {
            var found = session.Validate();
            scores!.Write(trainer.Iteration, found);
            events?.Write(trainer.Iteration, found, structures);
            var isBest = session.Best.Offer(trainer.Iteration, found);
            progress.Validated(trainer.Iteration, structures, found, session.Best);
            if (isBest)
            {
                session.Export(bundleFolder);
            }
        }
    }

    private static TrainingEstimate Estimate(TrainingSource source, TrainingData data, ITrainingProgress progress) =>
        Guarded(null, () =>
        {
            using var session = new TrainingSession(source, data, progress, trainLocator: null);
            // The first iteration prepares much that later ones find ready.
            session.Trainer.Step();
            var watch = Stopwatch.StartNew();
            session.Trainer.Step();
            return new TrainingEstimate(
                session.Device.ToString(),
                session.Target.SlicesPerEpoch,
                session.Assistant?.SlicesPerEpoch ?? 0,
                [.. session.Method.Networks.Select(network => (network.Role, network.Parameters.Count))],
                session.Trainer.Iterations,
                watch.Elapsed.TotalSeconds,
                Environment.WorkingSet / 1e9);
        });

    private static TrainingData Cut(
        TrainingSource source, TrainingVolumes volumes, Action<LabelledVolume> targetRead)
    {
        var options = source.Options;
        return new(
            volumes.Target.Select(volume =>
            {
                var slices = Cut(volume, options.Target, options.FieldSide);
                targetRead(volume);
                return slices;
            }),
            volumes.Assistant.Select(volume => Cut(volume, options.Assistant, options.FieldSide)),
            volumes.Validation.Select(volume =>
                ValidationVolume.Of(volume.CaseId, volume.Image, ClassesOf(volume), options.Target)));
    }

    private static TrainingData Cut(
        TrainingSource source, IEnumerable<LabelledPhotograph> target, IEnumerable<LabelledPhotograph> assistant)
    {
        return source.Options.Validation.Iterations == 0
            ? new(target.Select(Photograph), assistant.Select(Photograph), [])
            : throw new UserErrorException("Validation was asked for, but photographs are trained on, which have none yet.");

        TrainingCase Photograph(LabelledPhotograph photograph) =>
            new(photograph.Warnings, PhotographPreparation.Cut(photograph, source.Options.FieldSide));
    }

    private static TrainingCase Cut(LabelledVolume volume, PreprocessingOptions preprocessing, int side) =>
        new(volume.Warnings, SlicePreparation.Cut(volume.Image, ClassesOf(volume), preprocessing, side));

    private static MkdSeg.Volumes.Volume<byte> ClassesOf(LabelledVolume volume) =>
        volume.Classes ?? throw new UserErrorException(
            $"Case {volume.CaseId} has no annotation; training needs one for every case.");

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

    // What a machine runs out of, as a sentence.
    private static T Guarded<T>(string? runFolder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (IsOutOfMemory(error))
        {
            throw new UserErrorException(
                $"There is not enough memory ({error.Message.Split('\n')[0].Trim()}); use a smaller batch, patch or network, or "
                + "another device. What is saved stays: resume after that.",
                error);
        }
        catch (Exception error) when (runFolder is not null && error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The run folder {runFolder} cannot be written: {error.Message} Make room, then go on with --resume.", error);
        }
    }

    private static bool IsOutOfMemory(Exception error) =>
        error is OutOfMemoryException
        || (error is ExternalException
            && (error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || error.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase)));
}
