using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.Training.Checkpoints;
using MkdSeg.Training.Data;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Validation;
using static TorchSharp.torch;

namespace MkdSeg.Training;

/// <summary>
/// Runs the stages of a method one after the other: draws batches, sets learning rates, watches losses, reports.
/// </summary>
public sealed class Trainer : ICheckpointed
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private readonly TrainingOptions _options;
    private readonly ITrainingMethod _method;
    private readonly IReadOnlyList<TrainingStage> _stages;
    private readonly SliceSampler _target;
    private readonly SliceSampler? _assistant;
    private readonly Device _device;
    private readonly Drawn _drawnTarget;
    private readonly Drawn? _drawnAssistant;
    private long? _lastCheckpoint;

    /// <summary>A trainer before its first iteration.</summary>
    /// <param name="options">Iterations, batch size, learning rates.</param>
    /// <param name="method">What is trained.</param>
    /// <param name="target">Slices (x^t, y^t).</param>
    /// <param name="assistant">Slices (x^a, y^a); null for a method that uses none.</param>
    /// <param name="device">Where the method's networks are.</param>
    public Trainer(
        TrainingOptions options, ITrainingMethod method, SliceSampler target, SliceSampler? assistant, Device device)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(device);
        (_options, _method, _target, _assistant, _device) = (options, method, target, assistant, device);
        _stages = method.Stages;
        _drawnTarget = new(target, options.BatchSize);
        _drawnAssistant = assistant is null ? null : new(assistant, options.BatchSize);
    }

    /// <summary>An iteration was done; its images are there until the handler returns.</summary>
    internal event Action<TrainerStep>? Stepped;

    /// <summary>Iterations done, over all stages.</summary>
    public long Iteration { get; private set; }

    /// <summary>Iterations of all stages.</summary>
    public long Iterations => (long)_stages.Count * _options.Iterations;

    /// <summary>Does one iteration.</summary>
    /// <returns>Its losses.</returns>
    /// <exception cref="UserErrorException">A loss is not a finite number.</exception>
    public IReadOnlyList<LossValue> Step() => Step(NextStage, NextRates());

    /// <summary>Does all iterations that are left.</summary>
    /// <param name="runFolder">Where metrics.csv goes; null for nowhere.</param>
    /// <param name="progress">Told every few seconds.</param>
    /// <param name="snapshot">Called every <see cref="TrainingOptions.SnapshotMinutes"/>, to save what there is.</param>
    /// <param name="checkpoint">Called every <see cref="TrainingOptions.CheckpointIterations"/> and when the training is
    /// stopped, to save what it needs to go on.</param>
    /// <param name="validate">Called every <see cref="ValidationOptions.Iterations"/> and after the last one; null for
    /// never.</param>
    /// <param name="cancellation">Stops between two iterations.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    /// <exception cref="UserErrorException">A loss is not a finite number.</exception>
    public void Run(
        string? runFolder,
        ITrainingProgress progress,
        Action snapshot,
        Action checkpoint,
        Action? validate = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var metrics = runFolder is null ? null : new MetricsLog(Path.Combine(runFolder, "metrics.csv"), Iteration);
        var watch = Stopwatch.StartNew();
        var lastSnapshot = watch.Elapsed;
        var sinceReport = new LossAverage();
        var lastReport = watch.Elapsed;
        if (_lastCheckpoint is { } restored)
        {
            progress.Saved(restored);
        }

        while (Iteration < Iterations)
        {
            if (cancellation.IsCancellationRequested)
            {
                metrics?.Flush();
                checkpoint();
                progress.Saved(Iteration);
                throw new OperationCanceledException(cancellation);
            }

            var (stage, rates) = (NextStage, NextRates());
            var losses = Step(stage, rates);
            sinceReport.Add(losses);
            metrics?.Write(Iteration, stage.Name, watch.Elapsed, rates, losses);
            var stageName = _stages.Count > 1 ? stage.Name : null;
            progress.Stepped(new(stageName, Iteration, Iterations, rates, losses));
            var now = watch.Elapsed;
            if (now - lastReport >= ReportInterval || IterationInStage == 0)
            {
                metrics?.Flush();
                var speed = sinceReport.Count / Math.Max(1e-9, (now - lastReport).TotalSeconds);
                progress.Report(new(
                    stageName,
                    Iteration,
                    Iterations,
                    sinceReport.Take(),
                    speed,
                    TimeSpan.FromSeconds((Iterations - Iteration) / speed)));
                lastReport = watch.Elapsed;
            }

            if (validate is not null && (Iteration % _options.Validation.Iterations == 0 || Iteration == Iterations))
            {
                validate();
            }

            if (Iteration % _options.CheckpointIterations == 0 && Iteration < Iterations)
            {
                metrics?.Flush();
                checkpoint();
                _lastCheckpoint = Iteration;
                progress.Saved(Iteration);
            }

            if ((now - lastSnapshot).TotalMinutes >= _options.SnapshotMinutes)
            {
                snapshot();
                lastSnapshot = watch.Elapsed;
            }
        }
    }

    /// <inheritdoc/>
    public void Save(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("iteration", Iteration);
        _target.Save(writer.Within("target"));
        _assistant?.Save(writer.Within("assistant"));
    }

    /// <inheritdoc/>
    public void Load(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Iteration = reader.Read<long>("iteration");
        _target.Load(reader.Within("target"));
        _assistant?.Load(reader.Within("assistant"));
        _lastCheckpoint = Iteration;
    }

    private TrainingStage NextStage => _stages[(int)Math.Min(Iteration / _options.Iterations, _stages.Count - 1)];

    private long IterationInStage => Iteration % _options.Iterations;

    private IReadOnlyList<LossValue> Step(TrainingStage stage, LearningRates rates)
    {
        if (Iteration > 0 && IterationInStage == 0)
        {
            RestartOptimizers();
        }

        using var scope = NewDisposeScope();
        var (x_t, y_t) = _drawnTarget.Next(_device);
        var assistant = _drawnAssistant?.Next(_device);
        var losses = stage.Step(new(x_t, y_t, assistant?.Images, assistant?.OneHot), rates).Read();
        Iteration++;
        foreach (var loss in losses)
        {
            if (!float.IsFinite(loss.Value))
            {
                var good = _lastCheckpoint is { } iteration
                    ? $"the last good checkpoint is that of iteration {iteration}"
                    : "there is no checkpoint yet";
                throw new UserErrorException(
                    $"Training stopped in iteration {Iteration}: loss {loss.Name} of network {loss.Network} became "
                    + $"{loss.Value}; {good}. Try a lower learning rate, or another seed if the data are as they should be.");
            }
        }

        Stepped?.Invoke(new(Iteration, rates, losses, x_t, assistant?.Images));
        return losses;
    }

    private void RestartOptimizers()
    {
        foreach (var network in _method.Networks)
        {
            network.RestartOptimizer();
        }
    }

    private LearningRates NextRates()
    {
        var perEpoch = Math.Max(1, _target.SlicesPerEpoch / _options.BatchSize);
        return new(
            _options.SegmentorRate.At(IterationInStage, _options.Iterations, perEpoch),
            _options.AdversarialRate.At(IterationInStage, _options.Iterations, perEpoch));
    }

    // The arrays that batches are drawn into, used again for every iteration.
    private sealed class Drawn(SliceSampler sampler, int batchSize)
    {
        private readonly float[] _images =
            new float[batchSize * sampler.Channels * sampler.PatchSize * sampler.PatchSize];

        private readonly float[] _oneHot =
            new float[batchSize * sampler.ClassCount * sampler.PatchSize * sampler.PatchSize];

        public (Tensor Images, Tensor OneHot) Next(Device device)
        {
            sampler.Draw(_images, _oneHot);
            var (n, c, k, side) = (batchSize, sampler.Channels, sampler.ClassCount, sampler.PatchSize);
            return (
                tensor(_images, [n, c, side, side], device: device),
                tensor(_oneHot, [n, k, side, side], device: device));
        }
    }

    private sealed class LossAverage
    {
        private LossValue[] _sums = [];

        public int Count { get; private set; }

        public void Add(IReadOnlyList<LossValue> losses)
        {
            Count++;
            _sums = Count == 1
                ? [.. losses]
                : [.. _sums.Zip(losses, (sum, loss) => sum with { Value = sum.Value + loss.Value })];
        }

        public IReadOnlyList<LossValue> Take()
        {
            IReadOnlyList<LossValue> means = [.. _sums.Select(sum => sum with { Value = sum.Value / Count })];
            Count = 0;
            return means;
        }
    }
}
