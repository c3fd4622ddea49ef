using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.TrainingBenchmark;

/// <summary>MKD iterations of the phantom preset on a batch of random images.</summary>
internal sealed class OwnIterations : IDisposable
{
    public const int ClassCount = 8;

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly MutualKnowledgeDistillation _mkd;
    private readonly TrainingBatch _batch;
    private readonly WaitingThreads _waiting;

    public OwnIterations(int threads)
    {
        var device = ComputeDevice.Open(DeviceKind.Cpu, threads);
        _mkd = new(new NetworkFactory(Options, ClassCount, device));
        _batch = RandomBatch(device);
        _waiting = new(threads);
    }

    public TrainingOptions Options { get; } = TrainingPresets.Phantom;

    /// <summary>Runs iterations and returns the seconds per iteration.</summary>
    public double Seconds(int iterations)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < iterations; i++)
        {
            using var step = NewDisposeScope();
            _mkd.Step(_batch, new(1e-3, 1e-3)).Read();
        }

        return watch.Elapsed.TotalSeconds / iterations;
    }

    public void Dispose()
    {
        _waiting.Dispose();
        _mkd.Dispose();
        _scope.Dispose();
    }

    private TrainingBatch RandomBatch(Device device)
    {
        var random = new SeededRandom(1);
        var (count, side) = (Options.BatchSize, Options.Target.PatchSize);
        Tensor Image() => tensor(
            [.. Enumerable.Range(0, count * side * side).Select(_ => (float)random.Uniform(-1, 1))],
            [count, 1, side, side],
            device: device);
        Tensor OneHot()
        {
            var values = new float[count * ClassCount * side * side];
            for (var i = 0; i < count * side * side; i++)
            {
                var (sample, pixel) = Math.DivRem(i, side * side);
                values[(((sample * ClassCount) + random.NextInt(ClassCount)) * side * side) + pixel] = 1;
            }

            return tensor(values, [count, ClassCount, side, side], device: device);
        }

        return new(Image(), OneHot(), Image(), OneHot());
    }
}
