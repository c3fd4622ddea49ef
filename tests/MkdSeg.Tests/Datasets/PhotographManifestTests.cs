using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.Datasets;

public class PhotographManifestTests
{
    [Test]
    public void TheShippedOneHasTheClassesOfCityscapes()
    {
        var manifest = DatasetManifest.Load(Repository.File("data-manifests/gta5-cityscapes.json"));

        Assert.That(
            manifest.LabelSet.Structures.Select(structure => (int)structure.Value),
            Is.EqualTo(new[] { 7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33 }));
        Assert.That(manifest.Labels.Select(structure => structure.Color), Is.Unique);
    }

    [Test]
    public void CasesAreFoundByTheirPaths()
    {
        using var folder = new TemporaryFolder();
        var manifest = StreetScenes.Draw(folder.Path, 3);

        Assert.Multiple(() =>
        {
            Assert.That(
                manifest.CasesOf("Cityscapes", "train").Select(entry => entry.Id),
                Is.EqualTo(new[]
                {
                    "aachen/aachen_000000_000019", "aachen/aachen_000002_000019", "bremen/bremen_000001_000019",
                }));
            Assert.That(manifest.CasesOf("Cityscapes"), Has.Count.EqualTo(4));
            Assert.That(
                manifest.CasesOf("GTA5").Select(entry => entry.Id), Is.EqualTo(new[] { "00001", "00002", "00003" }));
            Assert.That(manifest.CasesOf("GTA5").Select(entry => entry.LabelPath), Has.All.Exist);
            Assert.That(manifest.FindProblems(checkHashes: false), Is.Empty);
            Assert.That(
                () => manifest.CasesOf("KITTI"),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("no modality 'KITTI'"));
        });
    }

    [Test]
    public void MissingFilesAreProblems()
    {
        using var folder = new TemporaryFolder();
        var manifest = StreetScenes.Draw(folder.Path, 1);
        File.Delete(folder["labels", "00001.png"]);
        Directory.Delete(folder["leftImg8bit", "val"], recursive: true);

        var problems = manifest.FindProblems(checkHashes: false);

        Assert.That(problems, Has.Count.EqualTo(2));
        Assert.That(problems, Has.One.Contains("leftImg8bit/val/*/*_leftImg8bit.png"));
        Assert.That(problems, Has.One.Contains("00001.png has no label image"));
    }

    [TestCase("channels", "2", "channels is 2")]
    [TestCase("targetModality", "\"KITTI\"", "no modality 'KITTI'")]
    [TestCase("modalities", "{\"Cityscapes\": {\"folders\": [{\"images\": \"*/*.png\", \"labels\": \"*.png\"}]}, \"GTA5\": "
        + "{\"folders\": []}}", "2 stars in images")]
    public void ContradictionsAreRefused(string key, string value, string words)
    {
        using var folder = new TemporaryFolder();
        var path = folder["manifest.json"];
        var json = System.Text.Json.Nodes.JsonNode.Parse(
            File.ReadAllText(Repository.File("data-manifests/gta5-cityscapes.json")))!;
        json[key] = System.Text.Json.Nodes.JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString(StrictJson.Options));

        Assert.That(
            () => DatasetManifest.Load(path), Throws.TypeOf<UserErrorException>().With.Message.Contains(words));
    }
}
