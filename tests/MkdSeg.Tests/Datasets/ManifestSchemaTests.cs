using System.Text.Json.Nodes;
using MkdSeg.Datasets;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.Datasets;

public class ManifestSchemaTests
{
    [Test]
    public void TheCommittedSchemaIsTheGeneratedOne() =>
        Assert.That(
            File.ReadAllText(Repository.File("data-manifests/dataset.schema.json")),
            Is.EqualTo(ManifestSchema.Generate()),
            "write ManifestSchema.Generate() to data-manifests/dataset.schema.json");

    [Test]
    public void TheSchemaKnowsEveryKeyOfTheManifests()
    {
        var schema = JsonNode.Parse(ManifestSchema.Generate())!;
        var volumes = schema["anyOf"]![0]!;
        var properties = volumes["properties"]!.AsObject();
        var manifest = JsonNode.Parse(File.ReadAllText(Repository.File("data-manifests/mm-whs-2017.json")))!.AsObject();

        Assert.That(manifest.Select(member => member.Key), Is.SubsetOf(properties.Select(member => member.Key)));
        Assert.That(schema["required"]!.AsArray().Select(name => (string?)name), Is.EqualTo(new[] { "kind" }));
        Assert.That((string?)properties["kind"]!["const"], Is.EqualTo("volumes"));
        Assert.That((bool?)volumes["additionalProperties"], Is.False);
        Assert.That(
            volumes["required"]!.AsArray().Select(name => (string?)name),
            Is.SupersetOf(new[] { "name", "labels", "modalities" }));
        Assert.That(
            (string?)properties["cases"]!["items"]!["properties"]!["fold"]!["description"],
            Does.Contain("fold"));
    }
}
