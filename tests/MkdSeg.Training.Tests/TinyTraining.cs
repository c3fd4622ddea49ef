using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests;

/// <summary>Networks and slices small enough for hundreds of iterations in a test.</summary>
internal static class TinyTraining
{
    public const int Patch = 16;
    public const int ClassCount = 3;

    public static TrainingOptions Options { get; } = new()
    {
        Device = DeviceKind.Cpu,
        Threads = 1,
        Iterations = 40,
        BatchSize = 2,
        SegmentorRate = new(2e-3, LearningRateDecay.Constant),
        AdversarialRate = new(5e-4, LearningRateDecay.Constant),
        Segmentor = new() { Filters = [4, 8], Strides = [1, 2], ResidualUnits = 1 },
        Generator = new() { Width = 4, Blocks = 1, Downsamplings = 1, ResidualOutput = true },
        Discriminator = new() { Width = 4, Layers = 1 },
        Target = new() { PatchSize = Patch },
        Assistant = new() { PatchSize = Patch, Window = IntensityWindow.Mr },
        Augmentation = AugmentationOptions.None,
        FieldFactor = 1,
    };

    /// <summary>A disc and a bar of different brightness at random places; the assistant's contrast is inverted.</summary>
    public static SliceDataset Slices(int count, ulong seed, bool inverted)
    {
        var random = new SeededRandom(seed);
        return new(Patch, ClassCount, [.. Enumerable.Range(0, count).Select(_ => Draw(random, inverted))]);
    }

    public static ITrainingMethod Method(string name, TrainingOptions? options = null) =>
        TrainingMethods.Find(name).Create(Networks(options));

    public static NetworkFactory Networks(TrainingOptions? options = null) =>
        new(options ?? Options, ClassCount, new Device(DeviceType.CPU));

    public static MutualKnowledgeDistillation Mkd(TrainingOptions? options = null) => new(Networks(options));

    public static Trainer Trainer(ITrainingMethod method, TrainingOptions? options = null)
    {
        options ??= Options;
        var random = new SeededRandom(options.Seed);
        return new(
            options,
            method,
            new SliceSampler(Slices(12, 1, inverted: false), options.Augmentation, Patch, random.Derive("target")),
            new SliceSampler(Slices(12, 2, inverted: true), options.Augmentation, Patch, random.Derive("assistant")),
            ComputeDevice.Open(options.Device, options.Threads));
    }

    public static TrainingBatch Batch(int count = 2)
    {
        var (x_t, y_t) = Draw(Slices(count, 3, inverted: false), count);
        var (x_a, y_a) = Draw(Slices(count, 4, inverted: true), count);
        return new(x_t, y_t, x_a, y_a);
    }

    private static (Tensor, Tensor) Draw(SliceDataset slices, int count)
    {
        var images = new float[count * Patch * Patch];
        var oneHot = new float[images.Length * ClassCount];
        new SliceSampler(slices, AugmentationOptions.None, Patch, new SeededRandom(5)).Draw(images, oneHot);
        return (tensor(images, [count, 1, Patch, Patch]), tensor(oneHot, [count, ClassCount, Patch, Patch]));
    }

    private static TrainingSlice Draw(SeededRandom random, bool inverted)
    {
        var image = new float[Patch * Patch];
        var classes = new byte[Patch * Patch];
        double cx = random.Uniform(4, 12), cy = random.Uniform(4, 12), bar = random.Uniform(1, 14);
        for (var i = 0; i < image.Length; i++)
        {
            int x = i % Patch, y = i / Patch;
            var inDisc = (x - cx) * (x - cx) + (y - cy) * (y - cy) < 9;
            classes[i] = (byte)(inDisc ? 1 : Math.Abs(x - bar) < 1.5 ? 2 : 0);
            var value = classes[i] switch { 1 => 0.7, 2 => 0.1, _ => -0.6 } + 0.05 * random.NextGaussian();
            image[i] = (float)Math.Clamp(inverted ? -value : value, -1, 1);
        }

        return new(image, classes);
    }
}
