using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Training.Networks;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Inference;

public class OnnxSegmentorTests
{
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1 };
    private static readonly byte[] Model = TestNetworks.RandomUNet(seed: 7);
    private static readonly Volume<float> Input = TestVolumes.Noise(TestVolumes.Grid(new(24, 16, 7)));

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(16)]
    public void Gives_what_the_session_gives_slice_by_slice(int batchSize)
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread with { BatchSize = batchSize });
        var found = segmentor.Segment(Input);

        using var session = new InferenceSession(Model);
        Assert.That(found.Grid, Is.EqualTo(Input.Grid));
        Assert.That(found.ClassCount, Is.EqualTo(3));
        for (var z = 0; z < Input.Grid.Size.Z; z++)
        {
            var tensor = new DenseTensor<float>(Input.Slice(z).ToArray(), [1, 1, 16, 24]);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("image", tensor)]);
            var expected = results[0].AsTensor<float>().ToArray();
            Assert.That(found.Slice(z).ToArray(), Is.EqualTo(expected).Within(1e-5f), $"slice {z}");
        }
    }

    [TestCase(SliceFlips.Horizontal)]
    [TestCase(SliceFlips.Vertical)]
    [TestCase(SliceFlips.Both)]
    public void Flips_give_the_mean_over_mirror_images(SliceFlips flips)
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread with { BatchSize = 3 });
        var found = segmentor.Segment(Input, flips);

        var (width, height) = (24, 16);
        (bool X, bool Y)[] images = flips == SliceFlips.Both
            ? [(false, false), (true, false), (false, true), (true, true)]
            : [(false, false), (flips == SliceFlips.Horizontal, flips == SliceFlips.Vertical)];
        var expected = new float[found.Values.Length];
        foreach (var image in images)
        {
            var mirrored = segmentor.Segment(new Volume<float>(Input.Grid, Mirror(Input.Voxels, image))).Values;
            expected = [.. expected.Zip(Mirror(mirrored, image), (sum, value) => sum + (value / images.Length))];
        }

        Assert.That(found.Values, Is.EqualTo(expected).Within(1e-5f));

        float[] Mirror(float[] values, (bool X, bool Y) axes)
        {
            var result = new float[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var (x, y, plane) = (i % width, i / width % height, i / (width * height));
                var (fromX, fromY) = (axes.X ? width - 1 - x : x, axes.Y ? height - 1 - y : y);
                result[i] = values[fromX + (width * (fromY + (height * plane)))];
            }

            return result;
        }
    }

    [Test]
    public void Gives_the_same_bits_each_time_and_from_several_threads()
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread);
        var first = segmentor.Segment(Input).Values;
        var found = new float[6][];
        Parallel.For(0, found.Length, i => found[i] = segmentor.Segment(Input).Values);
        foreach (var values in found)
            Assert.That(values.AsSpan().SequenceEqual(first), Is.True);
    }

    [TestCase(2)]
    [TestCase(5)]
    public void Gives_the_same_bits_with_any_number_of_threads(int threads)
    {
        using var one = new OnnxSegmentor(Model, OneThread with { BatchSize = 1 });
        using var several = new OnnxSegmentor(Model, OneThread with { BatchSize = 2, Threads = threads });
        Assert.That(several.Segment(Input).Values.AsSpan().SequenceEqual(one.Segment(Input).Values), Is.True);
    }

    [Test]
    public void Probabilities_of_a_pixel_add_up_to_one()
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread);
        var found = segmentor.Segment(Input);
        var length = Input.Grid.Size.SliceLength;
        for (var z = 0; z < Input.Grid.Size.Z; z++)
        {
            var slice = found.Slice(z);
            for (var i = 0; i < length; i++)
                Assert.That(slice[i] + slice[length + i] + slice[(2 * length) + i], Is.EqualTo(1).Within(1e-5));
        }
    }

    [Test]
    public void Cancellation_stops_it()
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread);
        Assert.That(
            () => segmentor.Segment(Input, cancellation: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Errors_of_one_of_several_threads_are_one_sentence()
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread with { Threads = 3 });
        Assert.That(
            () => segmentor.Segment(TestVolumes.Noise(TestVolumes.Grid(new(25, 17, 7)))),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("25×17 pixels"));
    }

    [Test]
    public void Says_what_it_is()
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread);
        Assert.Multiple(() =>
        {
            Assert.That(segmentor.Device, Is.EqualTo("cpu"));
            Assert.That(segmentor.ClassCount, Is.EqualTo(3));
            Assert.That(segmentor.Sha256, Has.Length.EqualTo(64));
        });
    }

    [TestCase(256, 256, 1)]
    [TestCase(512, 512, 1)]
    [TestCase(64, 64, 4)]
    [TestCase(8, 8, 64)]
    public void Chooses_batches_of_16384_pixels_on_a_cpu(int width, int height, int expected)
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread);
        Assert.That(segmentor.BatchSizeFor(new(width, height, 5)), Is.EqualTo(expected));
    }

    [TestCase("gpu")]
    [TestCase("cuda:x")]
    [TestCase("cuda:-1")]
    [TestCase("")]
    public void An_unknown_device_is_refused(string device) => Assert.That(
        () => new OnnxSegmentor(Model, new() { Device = device }),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("is unknown; write auto, cpu"));

    [Test]
    public void Cuda_by_name_where_there_is_none_is_refused_in_words()
    {
        Assume.That(OrtEnv.Instance().GetAvailableProviders(), Does.Not.Contain("CUDAExecutionProvider"));
        Assert.That(
            () => new OnnxSegmentor(Model, new() { Device = "cuda:0" }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("'cuda:0' was requested")
                .And.Message.Contains("use the device cpu or auto"));
    }

    [Test]
    public void Auto_always_finds_a_device()
    {
        using var segmentor = new OnnxSegmentor(Model, new() { Device = "auto", Threads = 1 });
        Assert.That(segmentor.Segment(Input).ClassCount, Is.EqualTo(3));
    }

    [Test]
    public void Bytes_that_are_no_model_are_refused() => Assert.That(
        () => new OnnxSegmentor([1, 2, 3], OneThread, "S_real.onnx"),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("S_real.onnx could not be loaded"));

    [Test]
    public void A_network_that_is_no_segmentor_is_refused()
    {
        var graph = MkdSeg.Training.Networks.PatchDiscriminator.Describe(new() { Channels = 2, Width = 2 });
        var model = TestNetworks.ToOnnx(graph, MkdSeg.Training.Networks.Weights.Initialize(1, graph));
        Assert.That(
            () => new OnnxSegmentor(model, OneThread, "D_t.onnx"),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("a segmentor maps Float"));
    }

    [Test]
    public void Slices_of_a_size_that_does_not_fit_are_refused()
    {
        using var segmentor = new OnnxSegmentor(Model, OneThread);
        Assert.That(
            () => segmentor.Segment(TestVolumes.Noise(TestVolumes.Grid(new(25, 16, 1)))),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("25×16"));
    }

    [Test]
    public void The_pool_shares_one_segmentor_per_network_and_options()
    {
        var first = OnnxSegmentor.Shared(Model, OneThread);
        Assert.Multiple(() =>
        {
            Assert.That(OnnxSegmentor.Shared([.. Model], OneThread with { }), Is.SameAs(first));
            Assert.That(OnnxSegmentor.Shared(Model, OneThread with { BatchSize = 2 }), Is.Not.SameAs(first));
        });
    }

    [Test]
    public void Neighbouring_slices_are_its_channels()
    {
        // A network whose only opinion is the lowest of three slices, and slices 2 mm apart seen 3 mm apart.
        var builder = new GraphBuilder("lowest", 3, Initialization.HeNormal);
        var graph = builder.Build(builder.Input.Conv("classify", 2, 1), "logits").WithSoftmax();
        var model = TestNetworks.ToOnnx(graph, new Weights(
            [new("classify.weight", [2, 3, 1, 1], [0, 0, 0, 1, 0, 0]), new("classify.bias", [2], [0, 0])]));
        using var segmentor = new OnnxSegmentor(model, OneThread, context: new(3, 3));
        var volume = new Volume<float>(
            new(new(8, 8, 4), new(1, 1, 2), default, Direction.Identity),
            [.. Enumerable.Range(0, 4 * 64).Select(i => (float)(i / 64))]);

        var found = segmentor.Segment(volume, SliceFlips.Both);

        Assert.That(found.Grid, Is.EqualTo(volume.Grid));
        // 1.5 slices below 0, 1, 2 and 3, none of them below the first.
        double[] expected = [0, 0, 0.5, 1.5];
        for (var z = 0; z < 4; z++)
            Assert.That(found.Slice(z)[64 + 9], Is.EqualTo(1 / (1 + Math.Exp(-expected[z]))).Within(1e-6));
        Assert.That(
            () => new OnnxSegmentor(model, OneThread, "S_real", new(5, 3)),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("S_real takes 3 channels").And.Message.Contains("5 slices"));
    }
}
