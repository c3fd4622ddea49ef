using System.IO.Compression;
using System.Text.Json.Nodes;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.Bundles;

public class ModelBundleTests
{
    private static readonly Dictionary<string, ReadOnlyMemory<byte>> Files = new()
    {
        [NetworkRoles.SReal] = "real"u8.ToArray(),
        [NetworkRoles.SSyn] = "syn"u8.ToArray(),
    };

    private static readonly ModelBundle Bundle = new()
    {
        Name = "test",
        Modality = "CT",
        Labels = LabelSet.WholeHeart.Structures,
        Preprocessing = new() { PatchSize = 96, Crop = CropRule.Located },
        Networks = [Network(NetworkRoles.SReal, "S_real.onnx"), Network(NetworkRoles.SSyn, "S_syn.onnx")],
        Training = new() { ["method"] = "mkd", ["seed"] = 7 },
        Metrics =
        [
            new()
            {
                Data = "phantom", Predictor = "ensemble", Cases = 10, MeanDice = 0.875,
                Dice = new Dictionary<string, double> { ["MYO"] = 0.875, ["LA"] = double.NaN },
            },
        ],
        ToolVersions = new Dictionary<string, string> { ["MkdSeg"] = "0.1.0" },
    };

    [Test]
    public void SurvivesTheFolderAndTheZip()
    {
        using var folder = new TemporaryFolder();
        var path = folder["bundle"];

        BundleWriter.Write(path, Bundle, Files);
        ZipFile.CreateFromDirectory(path, folder["bundle.zip"]);
        ZipFile.CreateFromDirectory(
            path, folder["with-folder.zip"], CompressionLevel.Fastest, includeBaseDirectory: true);

        foreach (var name in (string[])["bundle", "bundle.zip", "with-folder.zip"])
        {
            var loaded = ModelBundle.Load(folder[name]);
            Assert.That(loaded.ReadNetwork(NetworkRoles.SSyn), Is.EqualTo("syn"u8.ToArray()), name);
            Assert.That(loaded.Preprocessing, Is.EqualTo(Bundle.Preprocessing));
            Assert.That(loaded.LabelSet.ClassCount, Is.EqualTo(8));
            Assert.That((int?)loaded.Training!["seed"], Is.EqualTo(7));
            Assert.That(loaded.Metrics[0].Dice["LA"], Is.NaN);
            Assert.That(loaded.Segmentors.Count(), Is.EqualTo(2));
        }
    }

    [Test]
    public void TheSameBundleGivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();

        BundleWriter.Write(folder["a"], Bundle, Files);
        BundleWriter.Write(folder["b"], Bundle, Files);

        Assert.That(
            File.ReadAllBytes(folder["a", "model.json"]), Is.EqualTo(File.ReadAllBytes(folder["b", "model.json"])));
        Assert.That(
            File.ReadAllText(folder["a", "model.json"]),
            Does.Contain("\"formatVersion\": 4").And.Not.Contain("created"));
    }

    [Test]
    public void WritingReplacesABundleAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = folder["bundle"];
        BundleWriter.Write(path, Bundle, Files);
        folder.Write("bundle/stale.onnx", "old");

        BundleWriter.Write(path, Bundle with { Name = "second" }, Files);

        Assert.That(
            Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
                .Select(entry => Path.GetRelativePath(path, entry)).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { ".", "S_real.onnx", "S_syn.onnx", "model.json" }));
        Assert.That(ModelBundle.Load(path).Name, Is.EqualTo("second"));
        folder.Write("papers/thesis.txt", "precious");
        Assert.That(
            () => BundleWriter.Write(folder["papers"], Bundle, Files),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("is not empty"));
        Assert.That(File.Exists(folder["papers", "thesis.txt"]), Is.True);
    }

    [Test]
    public void ABundleOfTheFirstFormatIsRead()
    {
        using var folder = new TemporaryFolder();
        BundleWriter.Write(folder["bundle"], Bundle, Files);
        var file = folder["bundle", "model.json"];
        File.WriteAllText(
            file, File.ReadAllText(file).Replace("\"formatVersion\": 4", "\"formatVersion\": 1", StringComparison.Ordinal));

        var bundle = ModelBundle.Load(folder["bundle"]);

        Assert.That(bundle.FormatVersion, Is.EqualTo(1));
        Assert.That(bundle.Locator, Is.Null);
    }

    [Test]
    public void DamageIsSaidInOneSentence()
    {
        Assert.Multiple(() =>
        {
            AfterDamage(path => File.WriteAllText(Path.Combine(path, "S_syn.onnx"), "sym"),
                "S_syn.onnx has the SHA-256");
            AfterDamage(path => File.Delete(Path.Combine(path, "S_syn.onnx")),
                "S_syn.onnx, the file of network S_syn, is missing");
            AfterDamage(path => File.Delete(Path.Combine(path, "model.json")), "it contains no model.json");
            AfterEdit(json => json["formatVersion"] = 5, "has format version 5, but this program reads up to 4; update");
            AfterEdit(json => json.Remove("formatVersion"), "formatVersion is missing");
            AfterEdit(json => json["modalty"] = "CT", "unknown key 'modalty'; did you mean 'modality'");
            AfterEdit(json => json["networks"]![0]!["file"] = "../x.onnx", "must be a plain file name");
            AfterEdit(json => json["networks"]![0]!["role"] = "S_syn", "'S_syn' is listed for two networks");
            AfterEdit(json => json["networks"]![0]!["sizeMultiple"] = 0, "sizeMultiple of network S_real is 0");
            AfterEdit(json => json["networks"] = new JsonArray(), "lists no network");
            AfterEdit(json => json["labels"]![0]!["value"] = 420, "already means");
            AfterEdit(json => json["preprocessing"]!["patchSize"] = 0, "patchSize is 0");
            AfterEdit(json => json["networks"]![0]!["role"] = "locator", "a locator network without its settings");
            AfterEdit(json => json["locator"] = new JsonObject(), "locator settings but no locator network");
            AfterDamage(path => File.AppendAllText(Path.Combine(path, "model.json"), "}"), "not valid JSON");
        });

        static void AfterEdit(Action<JsonObject> edit, string words) => AfterDamage(
            path =>
            {
                var file = Path.Combine(path, "model.json");
                var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
                edit(json);
                File.WriteAllText(file, json.ToJsonString());
            },
            words);

        static void AfterDamage(Action<string> damage, string words)
        {
            using var folder = new TemporaryFolder();
            var path = folder["bundle"];
            BundleWriter.Write(path, Bundle, Files);
            damage(path);
            Assert.That(
                () => ModelBundle.Load(path),
                Throws.InstanceOf<UserErrorException>().With.Message.StartsWith(path).And.Message.Contains(words));
        }
    }

    [Test]
    public void Quality_thresholds_are_kept_and_checked_and_have_defaults()
    {
        using var folder = new TemporaryFolder();
        var stated = new QualityThresholds { MinAgreement = 0.8, Volumes = new Dictionary<string, VolumeRange>() };
        var written = BundleWriter.Write(folder["stated"], Bundle with { Quality = stated }, Files);
        var heart = Bundle with { Modality = "CT", Labels = LabelSet.WholeHeart.Structures };
        Assert.Multiple(() =>
        {
            Assert.That(written.EffectiveQuality.MinAgreement, Is.EqualTo(0.8));
            Assert.That(heart.EffectiveQuality.NeedsContrast, Is.True);
            Assert.That(heart.EffectiveQuality.Volumes["LV"].Contains(45), Is.True);
            Assert.That(heart.EffectiveQuality.Volumes["LV"].Contains(5), Is.False);
            Assert.That((heart with { Modality = "MR" }).EffectiveQuality.NeedsContrast, Is.False);
            Assert.That(heart.EffectiveQuality.MinAgreement, Is.EqualTo(0.73));
            Assert.That((heart with { Quality = stated }).ComputeHash(), Is.Not.EqualTo(heart.ComputeHash()));
            Refused(stated with { MinAgreement = 1.2 }, "quality.minAgreement is 1.2");
            Refused(stated with { Version = 2 }, "version 2, but this program reads up to 1");
            Refused(With("XY", 1, 2), "names the structure 'XY'");
            Refused(With(Bundle.Labels[0].Name, 3, 2), ".maxMl is 2; it must be above 3");
        });

        QualityThresholds With(string name, double min, double max) =>
            stated with { Volumes = new Dictionary<string, VolumeRange> { [name] = new(min, max) } };

        void Refused(QualityThresholds quality, string words) => Assert.That(
            () => BundleWriter.Write(folder["refused"], Bundle with { Quality = quality }, Files),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains(words));
    }

    // Log-normal 99 % limits of heart-facts, computed anew: lower of women, upper of men.
    [TestCase("LV", 34, 12, double.NaN, double.NaN)]
    [TestCase("MYO", double.NaN, double.NaN, 145 / 1.05, 29 / 1.05)]
    [TestCase("LA", double.NaN, double.NaN, 103, 30)]
    [TestCase("RV", double.NaN, double.NaN, 190, 33)]
    public void Volume_ranges_are_those_that_the_sources_give(
        string name, double womenMean, double womenSd, double menMean, double menSd)
    {
        var range = QualityThresholds.WholeHeartCt.Volumes[name];
        if (!double.IsNaN(womenMean))
            Assert.That(range.MinMl, Is.EqualTo(Limit(womenMean, womenSd, -2.576)).Within(0.5));
        if (!double.IsNaN(menMean))
            Assert.That(range.MaxMl, Is.EqualTo(Limit(menMean, menSd, 2.576)).Within(1));

        static double Limit(double mean, double sd, double z)
        {
            var variance = Math.Log(1 + (sd * sd / (mean * mean)));
            return Math.Exp(Math.Log(mean) - (variance / 2) + (z * Math.Sqrt(variance)));
        }
    }

    [Test]
    public void WhatIsNoBundleIsSaidToBeNone()
    {
        using var folder = new TemporaryFolder();
        var text = folder.Write("a.zip", "no zip at all");

        Assert.That(
            () => ModelBundle.Load(folder["nothing"]),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("there is no model bundle"));
        Assert.That(
            () => ModelBundle.Load(text),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("not a zip archive"));
        Assert.That(() => Bundle.ReadNetwork("S_real"), Throws.InvalidOperationException);
    }

    [Test]
    public void ARoleThatIsMissingIsNamed()
    {
        using var folder = new TemporaryFolder();
        var bundle = BundleWriter.Write(folder["bundle"], Bundle, Files);

        Assert.That(
            () => bundle.ReadNetwork(NetworkRoles.GeneratorToTarget),
            Throws.InstanceOf<UserErrorException>().With.Message.EndsWith("no network G_a→t; it has S_real, S_syn."));
        Assert.That(
            () => BundleWriter.Write(folder["x"], Bundle, new Dictionary<string, ReadOnlyMemory<byte>>()),
            Throws.ArgumentException);
    }

    private static NetworkFile Network(string role, string file) => new()
    {
        Role = role, File = file, InputName = "image", OutputName = "probabilities", SizeMultiple = 8,
    };
}
