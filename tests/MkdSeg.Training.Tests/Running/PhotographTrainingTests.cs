using Microsoft.ML.OnnxRuntime;
using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Training.Data;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

/// <summary>Colours, 19 classes, other modalities: what a data set of volumes does not have.</summary>
public class PhotographTrainingTests
{
    private TemporaryFolder _folder = null!;
    private PhotographManifest _manifest = null!;

    [SetUp]
    public void Draw()
    {
        _folder = new();
        _manifest = StreetScenes.Draw(_folder.Path, 2);
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Squares_cover_a_photograph()
    {
        var photograph = Read("Cityscapes").First();

        var slices = PhotographPreparation.Cut(photograph, 36).ToList();

        // 96×48 pixels become 72×36: two squares side by side.
        Assert.That(slices, Has.Count.EqualTo(2));
        Assert.That(slices, Has.All.Matches<TrainingSlice>(slice =>
            slice.Planes.Count == 3 && slice.Planes[0].Lower.Length == 36 * 36 && slice.Classes.Length == 36 * 36));
        var whole = PhotographScaling.Resize(photograph.Image, 72, 36);
        Assert.That(slices[1].Planes[2].Lower.Span[(5 * 36) + 7], Is.EqualTo(whole[36 + 7, 5, 2]));
        Assert.That(slices[0].Classes.Slice(35 * 36).ToArray(), Is.All.EqualTo(LabelSet.IgnoredClass));
    }

    [TestCase("baseline")]
    [TestCase("mkd")]
    [TestCase("ummkd")]
    [TestCase("x-shape")]
    public void A_method_trains_on_photographs_and_its_segmentor_runs(string method)
    {
        var options = (TinyTraining.Options with { Method = method, Iterations = 3 }).ForPhotographs(_manifest.Channels);
        var source = new TrainingSource("street", "Cityscapes", "GTA5", _manifest.LabelSet, options)
        {
            TakesPhotographs = true,
        };

        var bundle = TrainingRun.Execute(
            source,
            TrainingData.OfPhotographs(options, Read("Cityscapes"), Read("GTA5")),
            _folder["run"],
            _folder["bundle"],
            new Recorder());

        Assert.Multiple(() =>
        {
            Assert.That(bundle.Channels, Is.EqualTo(3));
            Assert.That(bundle.PhotographSide, Is.EqualTo(TinyTraining.Patch));
            Assert.That(bundle.Labels, Has.Count.EqualTo(19));
            Assert.That(bundle.AssistantModality, Is.EqualTo(method == "mkd" ? "GTA5" : null));
        });
        var size = new[] { 1, 3, 16, 32 };
        var photograph = PhotographScaling.Resize(Read("Cityscapes").First().Image, size[3], size[2]);
        foreach (var network in bundle.Networks)
        {
            using var session = new InferenceSession(bundle.ReadNetwork(network.Role));
            using var input = OrtValue.CreateTensorValueFromMemory(
                photograph.Voxels, [.. size.Select(n => (long)n)]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, [network.InputName], [input], [network.OutputName]);
            var shape = outputs[0].GetTensorTypeAndShape().Shape;
            var isSegmentor = NetworkRoles.IsSegmentor(network.Role);
            Assert.That(shape, Is.EqualTo(new long[] { 1, isSegmentor ? 20 : 3, 16, 32 }), network.Role);
            var values = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            Assert.That(values, Has.All.InRange(isSegmentor ? 0f : -1f, 1f));
        }
    }

    private IEnumerable<LabelledPhotograph> Read(string modality) =>
        _manifest.CasesOf(modality, "train").Select(new PhotographReader(_manifest).Read);
}
