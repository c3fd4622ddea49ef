using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.Common;

public class StrictJsonTests
{
    [Test]
    public void CommentsTrailingCommasAndTheSchemaKeyAreAllowed() =>
        Assert.That(
            StrictJson.Parse<PreprocessingOptions>(
                """
                {
                  "$schema": "x.json", // for editors
                  "patchSize": 96,
                }
                """,
                "x"),
            Is.EqualTo(new PreprocessingOptions { PatchSize = 96 }));

    [TestCase("""{"patchsize": 1}""", "^a.json: unknown key 'patchsize'; did you mean 'patchSize'\\?")]
    [TestCase("""{"window": {"lowerVal": 1}}""", "unknown key 'window.lowerVal'; did you mean 'lowerValue'\\?")]
    [TestCase("""{"zzzzzzzzzzzzzzz": 1}""", "unknown key 'zzzzzzzzzzzzzzz'; known keys are contextSlices, contextSpacingMm, crop, ")]
    [TestCase("""{"patchSize": "big"}""", "^a.json.*\\$\\.patchSize")]
    [TestCase("""{"crop": "middle"}""", "^a.json.*\\$\\.crop")]
    [TestCase("""{"patchSize": 1, "patchSize": 2}""", "^a.json.*patchSize")]
    [TestCase("{\n\"patchSize\": 1\n\"crop\": 2}", "^a.json \\(line 3\\)")]
    [TestCase("null", "^a.json: the file contains null")]
    public void MistakesSayWhereTheyAre(string json, string message) =>
        Assert.That(
            () => StrictJson.Parse<PreprocessingOptions>(json, "a.json"),
            Throws.InstanceOf<UserErrorException>().With.Message.Matches(message));

    [Test]
    public void AMissingFileIsNamed() =>
        Assert.That(
            () => StrictJson.Load<PreprocessingOptions>("nowhere.json"),
            Throws.InstanceOf<UserErrorException>().With.Message.EqualTo("nowhere.json: there is no such file."));

    [Test]
    public void SavingMakesFoldersAndLeavesNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a", "b.json"];

        StrictJson.Save(path, new PreprocessingOptions());
        StrictJson.Save(path, new PreprocessingOptions { PatchSize = 7 });

        Assert.That(Directory.GetFiles(folder["a"]), Is.EqualTo(new[] { path }));
        Assert.That(StrictJson.Load<PreprocessingOptions>(path).PatchSize, Is.EqualTo(7));
    }

    [TestCase("labls", "labels")]
    [TestCase("Labels", "labels")]
    [TestCase("something", null)]
    public void NearestNeedsFewEdits(string text, string? expected) =>
        Assert.That(StrictJson.Nearest(text, ["name", "labels", "cases"]), Is.EqualTo(expected));
}
