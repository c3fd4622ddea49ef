using System.Diagnostics;
using System.Text.Json;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Bundles;
using MkdSeg.Training.Checkpoints;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;
using MkdSeg.Training.Optimization;
using static TorchSharp.torch;

namespace MkdSeg.Training.Locating;

/// <summary>
/// Trains the network that finds the heart: a small U-Net that tells heart from all else in single slices of large voxels,
/// given their neighbours. Its random numbers are its own, so that the other networks of a training are the same with and
/// without it.
/// </summary>
/// <param name="options">The options of the locator.</param>
/// <param name="modality">The modality of the volumes.</param>
/// <param name="labels">The structures that make up the heart.</param>
/// <param name="seed">The training's seed.</param>
/// <param name="device">Where it runs.</param>
public sealed class LocatorTraining(
    LocatorOptions options, string modality, LabelSet labels, ulong seed, Device device)
{
    /// <summary>Folder of its checkpoints, inside that of the run's.</summary>
    public const string CheckpointsFolder = "locator";

    /// <summary>File of its losses, in the run folder.</summary>
    public const string MetricsFile = "locator.csv";

    private const string Stage = "locator";
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private readonly SeededRandom _random = new SeededRandom(seed).Derive(NetworkRoles.Locator);

    /// <summary>Trains.</summary>
    /// <param name="cases">Annotated volumes; phantom volumes are added as the options say.</param>
    /// <param name="runFolder">Where locator.csv goes; null for nowhere.</param>
    /// <param name="checkpoints">Goes on from the last one there is, and saves in between; null for neither.</param>
    /// <param name="checkpointIterations">Iterations between two of them.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops between two iterations.</param>
    /// <exception cref="UserErrorException">There is nothing to train on, or the training broke down.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public LocatorModel Run(
        IReadOnlyList<LocatorCase> cases,
        string? runFolder,
        CheckpointFolder? checkpoints,
        int checkpointIterations,
        ITrainingProgress progress,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        var graph = ResidualUNet.Describe(options.SizedNetwork);
        using var network = new TrainedNetwork(
            NetworkRoles.Locator,
            graph,
            Weights.Initialize(_random.Derive("weights").NextUInt64(), graph),
            AdamOptions.Segmentor,
            device);
        var phantoms = PhantomSurroundings
            .Make(options, modality, labels, _random.Derive("phantom"), cancellation).ToArray();
        progress.Say($"Locator: {cases.Count} volumes and {phantoms.Length} of the phantom, {network.Parameters.Count} parameters.");
        if (cases.Concat(phantoms).All(item => item.Extent is null))
        {
            throw new UserErrorException(
                $"There is no {modality} volume with a heart to train the locator on; give a manifest with annotated cases.");
        }

        var sampler = new LocatorSampler([cases, phantoms], options.Settings, _random.Derive("slices"));
        var state = new State(network, sampler);
        KeyValuePair<string, ICheckpointed>[] states = [new(Stage, state)];
        checkpoints?.Restore(states, device, message => progress.Say($"Locator: {message}"));
        using var metrics = runFolder is null ? null : new MetricsLog(Path.Combine(runFolder, MetricsFile), state.Iteration);
        Train(state, metrics, progress, Save, checkpointIterations, cancellation);
        return Export(network);

        void Save() => checkpoints?.Save(state.Iteration, states);
    }

    private void Train(
        State state,
        MetricsLog? metrics,
        ITrainingProgress progress,
        Action save,
        int checkpointIterations,
        CancellationToken cancellation)
    {
        var (n, c, side) = (options.BatchSize, options.Settings.ContextSlices, options.PatchSize);
        var images = new float[n * c * side * side];
        var oneHot = new float[n * 2 * side * side];
        var watch = Stopwatch.StartNew();
        var (lastReport, lastIteration) = (watch.Elapsed, state.Iteration);
        while (state.Iteration < options.Iterations)
        {
            if (cancellation.IsCancellationRequested)
            {
                metrics?.Flush();
                save();
                throw new OperationCanceledException(cancellation);
            }

            var rate = options.Rate.At(state.Iteration, options.Iterations, options.Iterations);
            state.Sampler.Draw(images, oneHot, side);
            IReadOnlyList<LossValue> losses;
            using (NewDisposeScope())
            {
                var x = tensor(images, [n, c, side, side], device: device);
                var y = tensor(oneHot, [n, 2, side, side], device: device);
                var step = new StepLosses();
                var loss = SupervisedLoss.Compute(y, state.Network.Predict(x));
                state.Network.Update(loss, rate);
                step.Add(NetworkRoles.Locator, "L_locator", loss);
                losses = step.Read();
            }

            state.Iteration++;
            if (!float.IsFinite(losses[0].Value))
            {
                throw new UserErrorException(
                    $"The training of the locator stopped in iteration {state.Iteration}: its loss became {losses[0].Value}; try "
                    + "another seed if the data are as they should be.");
            }

            var rates = new LearningRates(rate, 0);
            metrics?.Write(state.Iteration, Stage, watch.Elapsed, rates, losses);
            progress.Stepped(new(Stage, state.Iteration, options.Iterations, rates, losses));
            if (watch.Elapsed - lastReport >= ReportInterval || state.Iteration == options.Iterations)
            {
                metrics?.Flush();
                var speed = (state.Iteration - lastIteration) / Math.Max(1e-9, (watch.Elapsed - lastReport).TotalSeconds);
                progress.Report(new(
                    Stage,
                    state.Iteration,
                    options.Iterations,
                    losses,
                    speed,
                    TimeSpan.FromSeconds((options.Iterations - state.Iteration) / speed)));
                (lastReport, lastIteration) = (watch.Elapsed, state.Iteration);
            }

            if (state.Iteration % checkpointIterations == 0 || state.Iteration == options.Iterations)
            {
                metrics?.Flush();
                save();
            }
        }
    }

    private LocatorModel Export(TrainedNetwork network)
    {
        var graph = network.Graph.WithSoftmax();
        var onnx = OnnxWriter.ToBytes(graph, network.Parameters.ToWeights(), new()
        {
            Description = $"Probability of heart in {modality} slices of {options.Settings.SpacingMm} mm voxels with their "
                + "neighbours.",
            ProducerVersion = ToolVersions.Program,
            Properties = new Dictionary<string, string>
            {
                ["role"] = NetworkRoles.Locator,
                ["labels"] = "0 other, 1 heart",
                ["preprocessing"] = JsonSerializer.Serialize(options.Settings, StrictJson.Options),
                ["training"] = JsonSerializer.Serialize(options, StrictJson.Options),
                ["seed"] = $"{seed}",
                ["version"] = ToolVersions.Program,
            },
        });
        return new(
            new()
            {
                Role = NetworkRoles.Locator,
                File = $"{NetworkRoles.Locator}.onnx",
                InputName = graph.InputName,
                OutputName = graph.OutputName,
                SizeMultiple = graph.SizeMultiple,
            },
            options.Settings,
            onnx);
    }

    private sealed class State(TrainedNetwork network, LocatorSampler sampler) : ICheckpointed
    {
        public TrainedNetwork Network { get; } = network;

        public LocatorSampler Sampler { get; } = sampler;

        public int Iteration { get; set; }

        public void Save(CheckpointWriter writer)
        {
            writer.Write("iteration", Iteration);
            Network.Save(writer.Within("network"));
            Sampler.Save(writer.Within("sampler"));
        }

        public void Load(CheckpointReader reader)
        {
            Iteration = reader.Read<int>("iteration");
            Network.Load(reader.Within("network"));
            Sampler.Load(reader.Within("sampler"));
        }
    }
}
