using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Training.Networks;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Inference;

public class OnnxTranslatorTests
{
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1 };

    [Test]
    public void Every_slice_is_translated_and_stays_in_its_place()
    {
        // One pixel at a time: y = 0.5 - 2 x.
        var builder = new GraphBuilder("inverse", 1, Initialization.HeNormal);
        var graph = builder.Build(builder.Input.Conv("only", 1, 1), "translated");
        var model = TestNetworks.ToOnnx(graph, new(
        [
            new("only.weight", [1, 1, 1, 1], [-2]),
            new("only.bias", [1], [0.5f]),
        ]));
        var volume = TestVolumes.Noise(TestVolumes.Grid(new(8, 6, 3)));
        using var translator = new OnnxTranslator(model, OneThread);
        var translated = translator.Translate(volume);
        Assert.That(translated.Grid, Is.EqualTo(volume.Grid));
        Assert.That(translated.Voxels, Is.EqualTo(volume.Voxels.Select(value => 0.5f - (2 * value))).Within(1e-6));
    }

    [Test]
    public void Slices_that_do_not_suit_are_one_sentence()
    {
        var graph = ResNetGenerator.Describe(new() { Width = 4, Blocks = 1 });
        using var translator = new OnnxTranslator(
            TestNetworks.ToOnnx(graph, Weights.Initialize(1, graph)), OneThread, "G_a→t");
        Assert.That(
            () => translator.Translate(new Volume<float>(TestVolumes.Grid(new(1, 1, 1)))),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("G_a→t failed on slices of 1×1 pixels"));
    }
}
