using System.Diagnostics;
using MkdSeg.Training.Logging;
using MkdSeg.Training.Methods;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>Runs a method's stages: draws batches, sets learning rates, checks losses, reports.</summary>
internal sealed class Trainer : ICheckpointed
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    private readonly TrainingOptions _options;
    private readonly ITrainingMethod _method;
    private readonly IReadOnlyList<TrainingStage> _stages;
    private readonly Device _device;
    private readonly Batches _target;
    private readonly Batches? _assistant;
    private long? _lastCheckpoint;

    public Trainer(
        TrainingOptions options, ITrainingMethod method, IBatchSource target, IBatchSource? assistant, Device device)
    {
        (_options, _method, _stages, _device) = (options, method, method.Stages, device);
        _target = new(target, options.BatchSize);
        _assistant = assistant is null ? null : new(assistant, options.BatchSize);
    }

    /// <summary>Raised after each iteration; the images are valid until the handler returns.</summary>
    public event Action<TrainerSnapshot>? Stepped;

    public long Iteration { get; private set; }
    public long Iterations => (long)_stages.Count * _options.Iterations;

    /// <summary>Runs one iteration and returns its losses; throws if one is not finite.</summary>
    public IReadOnlyList<LossValue> Step() => Step(NextStage, NextRates());

    /// <summary>Runs the remaining iterations.</summary>
    /// <param name="metricsFile">Where the losses are written; null for nowhere.</param>
    /// <param name="progress">Receives every iteration and checkpoint, and the progress every few seconds.</param>
    /// <param name="checkpoint">Called every <see cref="TrainingOptions.CheckpointIterations"/>, when training is stopped,
    /// and at its end, to save what is needed to resume.</param>
    /// <param name="snapshot">Called every <see cref="TrainingOptions.SnapshotMinutes"/>, to export the current model.</param>
    /// <param name="validate">Called every <see cref="ValidationOptions.Iterations"/> and after the last iteration.</param>
    /// <param name="cancellation">Stops between two iterations.</param>
    public void Run(
        string? metricsFile,
        IProgress<WorkEvent> progress,
        Action checkpoint,
        Action? snapshot = null,
        Action? validate = null,
        CancellationToken cancellation = default)
    {
        using var waiting = new WaitingThreads(get_num_threads());
        using var metrics = metricsFile is null ? null : new MetricsLog(metricsFile, Iteration);
        var watch = Stopwatch.StartNew();
        var lastSnapshot = watch.Elapsed;
        var lastReport = watch.Elapsed;
        var sinceReport = new LossAverage();
        if (_lastCheckpoint is { } restored)
            progress.Report(new CheckpointSaved(restored, Iterations));

        while (Iteration < Iterations)
        {
            if (cancellation.IsCancellationRequested)
            {
                SaveCheckpoint();
                throw new OperationCanceledException(cancellation);
            }

            var (stage, rates) = (NextStage, NextRates());
            var losses = Step(stage, rates);
            sinceReport.Add(losses);
            metrics?.Write(Iteration, stage.Name, watch.Elapsed, rates, losses);
            var stageName = stage.Name == TrainingStage.Only ? null : stage.Name;
            progress.Report(new TrainingIteration(stageName, Iteration, Iterations, rates, losses));
            var now = watch.Elapsed;
            if (now - lastReport >= ReportInterval || IterationInStage == 0)
            {
                metrics?.Flush();
                var speed = sinceReport.Count / Math.Max(1e-9, (now - lastReport).TotalSeconds);
                progress.Report(new TrainingProgress(stageName, Iteration, Iterations, sinceReport.Take(), speed));
                lastReport = watch.Elapsed;
            }

            var isLast = Iteration == Iterations;
            if (validate is not null && (Iteration % _options.Validation.Iterations == 0 || isLast))
                validate();

            if (Iteration % _options.CheckpointIterations == 0 || isLast)
                SaveCheckpoint();

            if (snapshot is not null && !isLast && (now - lastSnapshot).TotalMinutes >= _options.SnapshotMinutes)
            {
                snapshot();
                lastSnapshot = watch.Elapsed;
            }
        }

        void SaveCheckpoint()
        {
            metrics?.Flush();
            checkpoint();
            _lastCheckpoint = Iteration;
            progress.Report(new CheckpointSaved(Iteration, Iterations));
        }
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("iteration", Iteration);
        _target.Source.Save(writer.Within("target"));
        _assistant?.Source.Save(writer.Within("assistant"));
    }

    public void Load(CheckpointReader reader)
    {
        Iteration = reader.Read<long>("iteration");
        _target.Source.Load(reader.Within("target"));
        _assistant?.Source.Load(reader.Within("assistant"));
        _lastCheckpoint = Iteration;
    }

    private TrainingStage NextStage => _stages[(int)Math.Min(Iteration / _options.Iterations, _stages.Count - 1)];
    private long IterationInStage => Iteration % _options.Iterations;

    private IReadOnlyList<LossValue> Step(TrainingStage stage, LearningRates rates)
    {
        if (Iteration > 0 && IterationInStage == 0)
        {
            foreach (var network in _method.Networks)
                network.RestartOptimizer();
        }

        using var scope = NewDisposeScope();
        var (x_t, y_t) = _target.Next(_device);
        var assistant = _assistant?.Next(_device);
        var losses = stage.Step(new(x_t, y_t, assistant?.X, assistant?.Y), rates).Read();
        Iteration++;
        foreach (var loss in losses.Where(loss => !float.IsFinite(loss.Value)))
        {
            var good = _lastCheckpoint is { } iteration
                ? $"the last good checkpoint is from iteration {iteration}"
                : "there is no checkpoint yet";
            throw new UserErrorException(
                $"Training stopped in iteration {Iteration}: loss {loss.Name} of network {loss.Network} became {loss.Value}; "
                + $"{good}. Try a lower learning rate, or another seed if the data are correct.");
        }

        Stepped?.Invoke(new(Iteration, rates, losses, x_t, assistant?.X));
        return losses;
    }

    private LearningRates NextRates()
    {
        var perEpoch = _options.EpochIterations > 0
            ? _options.EpochIterations
            : Math.Max(1, _target.Source.SlicesPerEpoch / _options.BatchSize);
        return new(
            _options.SegmentorRate.At(IterationInStage, _options.Iterations, perEpoch),
            _options.AdversarialRate.At(IterationInStage, _options.Iterations, perEpoch));
    }

    // Batches as tensors; the arrays they are drawn into are reused in every iteration.
    private sealed class Batches(IBatchSource source, int size)
    {
        private readonly float[] _images = new float[size * source.Channels * source.PatchSize * source.PatchSize];
        private readonly float[] _oneHot = new float[size * source.ClassCount * source.PatchSize * source.PatchSize];

        public IBatchSource Source => source;

        public (Tensor X, Tensor Y) Next(Device device)
        {
            source.Draw(_images, _oneHot);
            var side = source.PatchSize;
            return (
                tensor(_images, [size, source.Channels, side, side], device: device),
                tensor(_oneHot, [size, source.ClassCount, side, side], device: device));
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

internal sealed record TrainerSnapshot(
    long Iteration, LearningRates Rates, IReadOnlyList<LossValue> Losses, Tensor TargetImages, Tensor? AssistantImages);

/// <summary>A sequence of varied slices that is determined by its seed and resumes from a checkpoint.</summary>
internal interface IBatchSource : ICheckpointed
{
    int PatchSize { get; }

    int Channels { get; }

    int ClassCount { get; }

    int SlicesPerEpoch { get; }

    /// <summary>Overwrites images, (N, C, patch, patch) in [-1, 1], and annotations (N, K, patch, patch).</summary>
    void Draw(float[] images, float[] oneHot);
}
