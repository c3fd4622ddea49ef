using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Bundles;
using MkdSeg.Training.Checkpoints;
using MkdSeg.Training.Data;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Locating;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Validation;
using static TorchSharp.torch;

namespace MkdSeg.Training;

/// <summary>A training that is ready to begin: data read, networks made, nothing written.</summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingSource _source;
    private readonly WeightAverage[] _averages;

    /// <summary>Reads the data and makes the networks.</summary>
    /// <param name="source">Names, labels and options.</param>
    /// <param name="data">The cases.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="trainLocator">Trains the locator once the data are read; null for none.</param>
    /// <exception cref="UserErrorException">Options or data that do not fit.</exception>
    public TrainingSession(
        TrainingSource source, TrainingData data, ITrainingProgress progress, Func<Device, LocatorModel>? trainLocator)
    {
        _source = source;
        var options = source.Options;
        options.Validate();
        var info = TrainingMethods.Find(options.Method);
        Device = ComputeDevice.Open(options.Device, options.Threads, options.Precision);
        var random = new SeededRandom(options.Seed);
        Target = Sampler(data.Target, source.TargetModality, random, progress);
        Assistant = info.UsesAssistant ? Sampler(data.Assistant, source.AssistantModality, random, progress) : null;
        Validator = options.Validation.Iterations > 0 ? ValidatorOf(data.Validation, progress) : null;
        // First, so that every snapshot of the method's networks has it.
        Locator = trainLocator?.Invoke(Device);
        var networks = new NetworkFactory(options, source.Labels.ClassCount, Device);
        Method = info.Create(networks, options);
        _averages = options.AverageDecay > 0
            ? [.. Segmentors.Select(segmentor => new WeightAverage(segmentor, options.AverageDecay))]
            : [];
        Trainer = new(options, Method, Target, Assistant, Device);
        States =
        [
            new("trainer", Trainer),
            .. networks.Made,
            .. Segmentors.Zip(_averages, (segmentor, average) =>
                new KeyValuePair<string, ICheckpointed>($"average of {segmentor.Role}", average)),
            .. Validator is null ? [] : new KeyValuePair<string, ICheckpointed>[] { new("best", Best) },
        ];
    }

    public Device Device { get; }

    public SliceSampler Target { get; }

    public SliceSampler? Assistant { get; }

    public ITrainingMethod Method { get; }

    public Trainer Trainer { get; }

    public LocatorModel? Locator { get; }

    public Validator? Validator { get; }

    public BestModel Best { get; } = new();

    /// <summary>All that changes while the training runs, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ICheckpointed>> States { get; }

    /// <summary>The segmentors of the target modality, which are exported.</summary>
    public IReadOnlyList<TrainedNetwork> Segmentors =>
    [
        .. Method.Networks.Where(network => NetworkRoles.IsSegmentor(network.Role) && !network.ServesTrainingAlone),
    ];

    /// <summary>Exports the networks as they stand; segmentors with their averaged weights where these are kept.</summary>
    public ModelBundle Export(string folder) =>
        WithAverages(() => BundleExporter.Export(folder, Method, _source, Locator));

    /// <summary>Scores the segmentors on the validation volumes; with their averaged weights where these are kept.</summary>
    public IReadOnlyList<ValidationScore> Validate() => WithAverages(() => Validator!.Score(Segmentors, Device));

    public void Dispose()
    {
        foreach (var average in _averages)
        {
            average.Dispose();
        }

        Method.Dispose();
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
            {
                swap.Dispose();
            }
        }
    }

    private Validator ValidatorOf(IEnumerable<ValidationVolume> volumes, ITrainingProgress progress)
    {
        ValidationVolume[] all = [.. volumes];
        if (all.Length == 0)
        {
            throw new UserErrorException(
                $"Validation was asked for, but there is no {_source.TargetModality} case for it; set some aside.");
        }

        progress.Say($"Validation: {string.Join(", ", all.Select(volume => volume.CaseId))}.");
        return new(all, _source.Labels.ClassCount, batchSize: 8);
    }

    private SliceSampler Sampler(
        IEnumerable<TrainingCase> trainingCases, string modality, SeededRandom random, ITrainingProgress progress)
    {
        var options = _source.Options;
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
            new(options.FieldSide, _source.Labels.ClassCount, slices, options.Segmentor.InputChannels)
            {
                // Beyond a volume there is background; beyond a photograph the scene goes on.
                OutsideClass = _source.TakesPhotographs ? LabelSet.IgnoredClass : (byte)0,
            },
            options.Augmentation,
            options.Target.PatchSize,
            random.Derive($"slices of {modality}"));
    }
}
