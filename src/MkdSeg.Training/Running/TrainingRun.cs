using System.Diagnostics;
using System.Runtime.InteropServices;
using MkdSeg.Datasets;
using MkdSeg.Training.Data;
using MkdSeg.Training.Logging;
using MkdSeg.Training.Methods;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>One training run from data to bundle; its folder contains what is needed to understand it later.</summary>
internal sealed class TrainingRun : IDisposable
{
    public const string ConfigurationFile = "training.json";

    public const string CheckpointsFolder = "checkpoints";

    /// <summary>Folder of the last model in the run folder, used when the bundle contains the best one.</summary>
    public const string LastFolder = "last";

    public const string MetricsFile = "metrics.csv";

    public const string ValidationFile = ValidationLog.FileName;

    private const int ValidationBatch = 8;

    private readonly TrainingSource _source;
    private readonly IProgress<WorkEvent> _progress;
    private readonly MachineLoad _load = new();
    private readonly Device _device;
    private readonly ITrainingMethod _method;
    private readonly IBatchSource _target;
    private readonly IBatchSource? _assistant;
    private readonly Validator? _validator;
    private readonly WeightAverage[] _averages;
    private readonly BestModel _best = new();
    private LocatorModel? _locator;

    /// <summary>Reads the data and creates the networks; writes nothing.</summary>
    public TrainingRun(TrainingSource source, TrainingData data, IProgress<WorkEvent> progress)
    {
        _progress = progress;
        var options = source.Options;
        options.Validate();
        var info = TrainingMethods.Find(options.Method);
        _device = ComputeDevice.Open(options.Device, options.Threads, options.Precision);
        // The run's files and the bundle record the device in use, not "auto".
        var used = _device.type == TorchSharp.DeviceType.CUDA ? DeviceKind.Cuda : DeviceKind.Cpu;
        _source = source with { Options = options with { Device = used } };
        var random = new SeededRandom(options.Seed);
        var augmentation = info.StrongAugmentation ? options.Augmentation.Strengthened() : options.Augmentation;
        _target = Sampler(data.Target, source.TargetModality, augmentation, random);
        _assistant = info.UsesAssistant
            ? Sampler(data.Assistant, source.AssistantModality, augmentation, random)
            : null;
        _validator = options.Validation.Iterations > 0 ? ValidatorOf(data.Validation) : null;
        var networks = new NetworkFactory(options, source.Labels.ClassCount, _device, source.Start);
        _method = info.Create(networks);
        _averages = options.AverageDecay > 0
            ? [.. Segmentors.Select(segmentor => new WeightAverage(segmentor, options.AverageDecay))]
            : [];
        Trainer = new(options, _method, _target, _assistant, _device);
        States =
        [
            new("trainer", Trainer),
            .. networks.Made,
            .. Segmentors.Zip(_averages, (segmentor, average) =>
                new KeyValuePair<string, ICheckpointed>($"average of {segmentor.Role}", average)),
            .. _validator is null ? [] : new KeyValuePair<string, ICheckpointed>[] { new("best", _best) },
        ];
    }

    public Trainer Trainer { get; }

    // Everything that changes during training, by name.
    private IReadOnlyCollection<KeyValuePair<string, ICheckpointed>> States { get; }

    // The segmentors of the target modality, which are exported.
    private IReadOnlyList<TrainedNetwork> Segmentors =>
    [
        .. _method.Networks.Where(network => NetworkRoles.IsSegmentor(network.Role) && !network.ServesTrainingAlone),
    ];

    /// <summary>Trains or resumes, and exports the best or last model; during training, a snapshot takes its place.</summary>
    public static ModelBundle Execute(
        TrainingSource source,
        TrainingData data,
        string runFolder,
        string bundleFolder,
        IProgress<WorkEvent> progress,
        Resumption resume = Resumption.None,
        CancellationToken cancellation = default)
    {
        var options = source.Options;
        options.Validate();
        var folder = Path.Combine(runFolder, CheckpointsFolder);
        var checkpoints = new CheckpointFolder(folder, options.KeptCheckpoints);
        if (resume is Resumption.None or Resumption.Overwrite)
        {
            checkpoints.Clear();
        }
        else if (resume == Resumption.Same && ChangedOptions(runFolder, options) is { Count: > 0 } changes)
        {
            throw new UserErrorException(
                $"The run in {runFolder} was started with other options ({string.Join("; ", changes)}); resume it with the "
                + "original options, or train into another folder.");
        }

        return TranslateErrors(runFolder, () =>
        {
            using var run = new TrainingRun(source, data, progress);
            StrictJson.Save(Path.Combine(runFolder, ConfigurationFile), run._source.Options);
            if (data.LocatorCases is { } cases)
            {
                // First, so that every snapshot of the method's networks includes it.
                run.TrainLocator(cases, runFolder, folder, cancellation);
            }

            run.Describe();
            if (resume is Resumption.Same or Resumption.Changed)
                checkpoints.Restore(run.States, run._device, run.Info);

            return run.Train(runFolder, bundleFolder, checkpoints, cancellation);
        });
    }

    /// <summary>Reads the data, creates the networks and times an iteration; writes nothing.</summary>
    public static TrainingEstimate Estimate(
        TrainingSource source, TrainingData data, IProgress<WorkEvent> progress) => TranslateErrors(null, () =>
    {
        using var run = new TrainingRun(source, data, progress);
        // The first iteration includes preparations that later ones do not need.
        run.Trainer.Step();
        var watch = Stopwatch.StartNew();
        run.Trainer.Step();
        return new TrainingEstimate(
            run._device.ToString(),
            run._target.SlicesPerEpoch,
            run._assistant?.SlicesPerEpoch ?? 0,
            [.. run._method.Networks.Select(network => (network.Role, network.Parameters.Count))],
            run.Trainer.Iterations,
            watch.Elapsed.TotalSeconds,
            Environment.WorkingSet / 1e9);
    });

    /// <summary>Reads the data, creates the networks and profiles some iterations; writes nothing.</summary>
    public static string Profile(
        TrainingSource source, TrainingData data, int iterations, IProgress<WorkEvent> progress) => TranslateErrors(null, () =>
    {
        using var run = new TrainingRun(source, data, progress);
        run.Trainer.Step();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < iterations; i++)
            run.Trainer.Step();
        var seconds = watch.Elapsed.TotalSeconds / iterations;
        using var profile = LayerProfile.Start();
        for (var i = 0; i < iterations; i++)
            run.Trainer.Step();
        return profile.Format(iterations) + FormattableString.Invariant(
            $"An iteration takes {seconds:0.0000} s on {run._device}; the table does not include losses, optimizers and data.");
    });

    /// <summary>Returns the options that affect the weights and differ from the original ones, one text each.</summary>
    public static IReadOnlyList<string> ChangedOptions(string runFolder, TrainingOptions options)
    {
        var path = Path.Combine(runFolder, ConfigurationFile);
        if (!File.Exists(path))
            return [];

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

    /// <summary>Exports the current networks; segmentors with their averaged weights if averages are kept.</summary>
    public ModelBundle Export(string folder) =>
        WithAverages(() => BundleExporter.Export(folder, _method, _source, _locator));

    public void Dispose()
    {
        foreach (var average in _averages)
            average.Dispose();

        _method.Dispose();
    }

    private ModelBundle Train(
        string runFolder, string bundleFolder, CheckpointFolder checkpoints, CancellationToken cancellation)
    {
        var options = _source.Options;
        string[] structures = [.. _source.Labels.Structures.Select(structure => structure.Name)];
        var events = options.EventIterations > 0
            ? new EventLog(Path.Combine(runFolder, EventLog.FolderName), _method, _source)
            : null;
        var scores = _validator is null
            ? null
            : new ValidationLog(Path.Combine(runFolder, ValidationLog.FileName), structures, Trainer.Iteration);
        // If models are compared, the bundle folder is for the best one.
        var selects = _validator is not null && options.Validation.SelectBest;
        var lastFolder = selects ? Path.Combine(runFolder, LastFolder) : bundleFolder;
        if (events is not null)
        {
            Trainer.Stepped += step =>
            {
                if (step.Iteration % options.EventIterations == 0)
                {
                    events.Write(step.Iteration, step.Rates, step.Losses);
                    events.WriteImages(step.Iteration, step.TargetImages, step.AssistantImages);
                }
            };
        }

        Trainer.Run(
            Path.Combine(runFolder, MetricsFile),
            _progress,
            checkpoint: () => checkpoints.Save(Trainer.Iteration, States),
            snapshot: () => Export(lastFolder),
            validate: _validator is null ? null : Validate,
            cancellation);
        var last = Export(lastFolder);
        if (!selects)
            return last;

        Info(FormattableString.Invariant(
            $"The bundle is the model of iteration {_best.Iteration}, the best in validation (mean Dice {_best.MeanDice:0.000}); the last model is in {lastFolder}."));
        return ModelBundle.Load(bundleFolder);

        void Validate()
        {
            var found = WithAverages(() => _validator!.Score(Segmentors, _device));
            scores!.Write(Trainer.Iteration, found);
            events?.Write(Trainer.Iteration, found, structures);
            var isBest = _best.Offer(Trainer.Iteration, found);
            _progress.Report(new ValidationDone(Trainer.Iteration, structures, found, _best.Iteration, _best.MeanDice));
            if (isBest && selects)
                Export(bundleFolder);
        }
    }

    private void TrainLocator(
        List<LocatorCase> cases, string runFolder, string checkpoints, CancellationToken cancellation)
    {
        var options = _source.Options;
        var training = new LocatorTraining(
            options.Locator!.For(options.Target), _source.TargetModality, _source.Labels, options.Seed, _device);
        _locator = training.Run(
            cases,
            runFolder,
            new(Path.Combine(checkpoints, LocatorTraining.CheckpointsFolder), options.KeptCheckpoints),
            options.CheckpointIterations,
            _progress,
            cancellation);
    }

    private void Describe()
    {
        var options = _source.Options;
        Info(
            $"Training {options.Method} for "
            + $"{string.Join(" + ", _method.Stages.Select(_ => options.Iterations))} iterations on "
            + $"{_device}{(options.Precision == Precision.Mixed ? " in mixed precision" : "")}: "
            + $"{_method.Networks.Count} networks, {_method.Networks.Sum(network => network.Parameters.Count)} parameters.");
        if (_device.type == TorchSharp.DeviceType.CPU && _load.Advice(get_num_threads()) is { } advice)
            Info(advice);
    }

    private T WithAverages<T>(Func<T> work)
    {
        var swaps = _averages.Select(average => average.InPlace()).ToArray();
        try
        {
            return work();
        }
        finally
        {
            foreach (var swap in swaps)
                swap.Dispose();
        }
    }

    private Validator ValidatorOf(IEnumerable<ValidationVolume> volumes)
    {
        ValidationVolume[] all = [.. volumes];
        if (all.Length == 0)
        {
            throw new UserErrorException(
                $"Validation was requested, but there is no {_source.TargetModality} case for it; set some aside.");
        }

        foreach (var warning in all.SelectMany(volume => volume.Warnings))
            Info(warning);

        Info($"Validation: {string.Join(", ", all.Select(volume => volume.CaseId))}.");
        return new(all, _source.Labels.ClassCount, ValidationBatch, _source.Options.Target.Context);
    }

    private IBatchSource Sampler(
        IEnumerable<TrainingCase> cases, string modality, AugmentationOptions augmentation, SeededRandom random)
    {
        var options = _source.Options;
        var slices = new List<TrainingSlice>();
        var bodies = new List<TissueCase>();
        var count = 0;
        foreach (var trainingCase in cases)
        {
            foreach (var warning in trainingCase.Warnings)
                Info(warning);

            slices.AddRange(trainingCase.Slices);
            if (trainingCase.Tissues is { } tissues)
                bodies.Add(tissues);
            count++;
        }

        if (count == 0)
        {
            throw new UserErrorException(
                $"There is no {modality} case to train on; provide a manifest with annotated {modality} cases.");
        }

        var (labels, draws) = (_source.Labels, random.Derive($"slices of {modality}"));
        if (bodies.Count > 0)
        {
            if (bodies.Count < count || labels.ClassCount != LabelSet.WholeHeart.ClassCount)
            {
                throw new UserErrorException(
                    $"{bodies.Count} of {count} {modality} cases have a tissue map; a random appearance needs one for "
                    + "every case, and the seven structures of the phantom.");
            }

            Info($"{modality}: {count} phantoms, with a new random appearance for every slice.");
            return new SyntheticSampler(bodies, options.Target, labels.ClassCount, draws);
        }

        Info($"{modality}: {slices.Count} slices of {count} cases.");
        return new SliceSampler(
            new(options.FieldSide, labels.ClassCount, slices, options.Segmentor.InputChannels)
            {
                // There is background beyond a volume; what is beyond a photograph is unknown.
                OutsideClass = _source.TakesPhotographs ? LabelSet.IgnoredClass : (byte)0,
            },
            augmentation,
            options.Target.PatchSize,
            draws);
    }

    private void Info(string message) => _progress.Report(new WorkInfo(message));

    // Reports in one sentence what the machine ran out of.
    private static T TranslateErrors<T>(string? runFolder, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (IsOutOfMemory(error))
        {
            throw new UserErrorException(
                $"There is not enough memory ({error.Message.Split('\n')[0].Trim()}); use a smaller batch, patch or network, or "
                + "another device. Checkpoints are kept, so the run can then be resumed.",
                error);
        }
        catch (Exception error) when (runFolder is not null && error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The run folder {runFolder} cannot be written: {error.Message} Free some space, then resume the run.", error);
        }
    }

    private static bool IsOutOfMemory(Exception error) =>
        error is OutOfMemoryException
        || (error is ExternalException
            && (error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || error.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase)));
}
