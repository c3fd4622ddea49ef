using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Training.Methods;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>Trains the network that finds the heart, with its own random numbers.</summary>
internal sealed class LocatorTraining(
    LocatorOptions options, string modality, LabelSet labels, ulong seed, Device device)
{
    public const string CheckpointsFolder = "locator";

    public const string MetricsFile = "locator.csv";

    /// <summary>Trains on volumes and phantoms; logging losses needs a run folder, resuming needs checkpoints.</summary>
    public LocatorModel Run(
        IReadOnlyList<LocatorCase> cases,
        string? runFolder,
        CheckpointFolder? checkpoints,
        int checkpointIterations,
        IProgress<WorkEvent> progress,
        CancellationToken cancellation = default)
    {
        options.Validate();
        var random = new SeededRandom(seed).Derive(NetworkRoles.Locator);
        using var method = new LocatorMethod(options, random.Derive("weights").NextUInt64(), device);
        var phantoms = PhantomSurroundings
            .Make(options, modality, labels, random.Derive("phantom"), cancellation).ToArray();
        progress.Report(new WorkInfo(
            $"Locator: {cases.Count} volumes and {phantoms.Length} phantoms, "
            + $"{method.Network.Parameters.Count} parameters."));
        if (cases.Concat(phantoms).All(item => item.Extent is null))
        {
            throw new UserErrorException(
                $"There is no {modality} volume with a heart to train the locator on; provide a manifest with annotated cases.");
        }

        var trainer = new Trainer(
            new()
            {
                Iterations = options.Iterations,
                BatchSize = options.BatchSize,
                SegmentorRate = options.Rate,
                AdversarialRate = new(0, LearningRateDecay.Constant),
                CheckpointIterations = checkpointIterations,
            },
            method,
            new LocatorSampler([cases, phantoms], options, random.Derive("slices")),
            assistant: null,
            device);
        KeyValuePair<string, ICheckpointed>[] states = [new("trainer", trainer), new("network", method.Network)];
        checkpoints?.Restore(states, device, message => progress.Report(new WorkInfo($"Locator: {message}")));
        trainer.Run(
            runFolder is null ? null : Path.Combine(runFolder, MetricsFile),
            progress,
            checkpoint: () => checkpoints?.Save(trainer.Iteration, states),
            cancellation: cancellation);
        return Export(method);
    }

    private LocatorModel Export(LocatorMethod method)
    {
        var graph = method.Network.Graph.WithSoftmax();
        var onnx = BundleExporter.ToOnnx(
            graph,
            method.Network.Parameters.ToWeights(),
            NetworkRoles.Locator,
            $"Probability of heart in {modality} slices of {options.Settings.SpacingMm} mm voxels with their neighbours.",
            "0 other, 1 heart",
            options.Settings,
            options,
            seed);
        return new(BundleExporter.File(NetworkRoles.Locator, graph), options.Settings, onnx);
    }
}

/// <summary>A trained locator as stored in a bundle: its entry, how volumes are prepared for it, and its ONNX file.</summary>
internal sealed record LocatorModel(NetworkFile File, LocatorSettings Settings, ReadOnlyMemory<byte> Onnx)
{
    public static LocatorModel Of(ModelBundle bundle) =>
        bundle is { Locator: { } settings } && bundle.FindNetwork(NetworkRoles.Locator) is { } file
            ? new(file, settings, bundle.ReadNetwork(file.Role))
            : throw new UserErrorException(
                $"The bundle {bundle.Name} has no locator; name a bundle that has one, or train one with mkdseg train-locator.");

    /// <summary>Adds the locator to a bundle on disk, replacing an existing one; everything else is unchanged.</summary>
    public ModelBundle AddTo(string folder)
    {
        var bundle = ModelBundle.Load(folder);
        if (bundle.PhotographSide is not null)
            throw new UserErrorException($"{folder}: the bundle is for photographs, which need no locator.");
        var others = bundle.Networks.Where(network => network.Role != NetworkRoles.Locator).ToArray();
        var files = others.ToDictionary(
            network => network.Role,
            network => (ReadOnlyMemory<byte>)bundle.ReadNetwork(network.Role),
            StringComparer.Ordinal);
        files.Add(File.Role, Onnx);
        return BundleWriter.Write(folder, bundle with { Locator = Settings, Networks = [.. others, File] }, files);
    }
}
