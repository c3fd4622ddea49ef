using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.Metrics;
using MkdSeg.Phantom;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>Holds the bundle that ships to the Dice it had when it was made.</summary>
public class ShippedBundleTests
{
    // Training used seed 77.
    private const ulong UnseenSeed = 20261121;

    private static readonly string BundlePath = Repository.File("onnx/phantom-ct");

    [TestCase(PhantomVariation.Default, 0.93)]
    [TestCase(PhantomVariation.Wide, 0.91)]
    [TestCase(PhantomVariation.Clinical, 0.9)]
    public void Ensemble_keeps_its_Dice_on_phantom_CT_it_never_saw(PhantomVariation variation, double threshold)
    {
        using var folder = new TemporaryFolder();
        var manifest = PhantomDataset.Write(
            folder["data"],
            new() { Seed = UnseenSeed, CtTrain = 0, MrTrain = 0, CtTest = 5, Variation = variation });
        var scorer = new FolderScorer(ModelBundle.Load(BundlePath), new() { Inference = new() { Device = "cpu", Threads = 1 } });
        var summary = scorer.Score(folder["data", "ct_test"], folder["masks"]);
        Assert.That(summary.FailedCount, Is.Zero);

        var labels = manifest.LabelSet;
        var table = new ScoreTable(labels, manifest.Cases.Select(entry =>
        {
            var reference = labels.ToClasses(VolumeFile.ReadLabels(manifest.LabelPath(entry)!), entry.Id);
            var path = folder["masks", $"{entry.Id}_image.nii.gz"];
            var predicted = labels.ToClasses(VolumeFile.ReadLabels(path), path);
            return new SegmentationScores(entry.Id, Dice.PerStructure(predicted, reference, labels.ClassCount));
        }));
        TestContext.Out.WriteLine(table.ToText());
        Assert.That(table.Mean, Is.GreaterThanOrEqualTo(threshold));
    }

    [Test]
    public void Bundle_is_small_and_whole()
    {
        var bytes = new DirectoryInfo(BundlePath).EnumerateFiles().Sum(file => file.Length);
        Assert.That(bytes, Is.LessThan(40_000_000));
        var bundle = ModelBundle.Load(BundlePath);
        Assert.That(
            bundle.Networks.Select(network => network.Role),
            Is.EquivalentTo(new[]
            {
                NetworkRoles.SReal, NetworkRoles.SSyn, NetworkRoles.GeneratorToTarget, NetworkRoles.GeneratorToAssistant,
                NetworkRoles.Locator,
            }));
        Assert.That(bundle.LabelSet.ClassCount, Is.EqualTo(LabelSet.WholeHeart.ClassCount));
    }
}
