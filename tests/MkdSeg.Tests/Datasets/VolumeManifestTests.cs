using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.Datasets;

public class VolumeManifestTests
{
    private static readonly VolumeManifest Small = new()
    {
        Name = "small",
        Title = "A small one",
        Licence = "none",
        Labels = LabelSet.WholeHeart.Structures,
        Modalities = new Dictionary<string, ModalityEntry>
        {
            ["CT"] = new() { Window = IntensityWindow.Ct, Folders = [".", "ct"] },
        },
        Cases =
        [
            new() { Id = "ct_1", Modality = "CT", Image = "1_image.nii.gz", Label = "1_label.nii.gz" },
            new() { Id = "ct_2", Modality = "CT", Image = "2_image.nii.gz", Fold = 0, Split = "test" },
        ],
    };

    [Test]
    public void SavesAndLoads()
    {
        using var folder = new TemporaryFolder();
        var path = folder["dataset.json"];

        Small.Save(path);
        var loaded = VolumeManifest.Load(path);

        Assert.That(File.ReadAllText(path), Does.StartWith("{\n  \"kind\": \"volumes\","));
        Assert.That(StrictJson.Format<DatasetManifest>(loaded), Is.EqualTo(StrictJson.Format<DatasetManifest>(Small)));
        Assert.That(loaded.DataRoot, Is.EqualTo(folder.Path));
        Assert.That(VolumeManifest.Load(path, folder["elsewhere"]).DataRoot, Is.EqualTo(folder["elsewhere"]));
        Assert.That(loaded.Cases[1].Fold, Is.Zero);
        Assert.That(loaded.LabelPath(loaded.Cases[1]), Is.Null);
        Assert.That(loaded.CasesOf("CT", "test").Single().Id, Is.EqualTo("ct_2"));
        Assert.That(loaded.CasesOf("CT"), Has.Count.EqualTo(2));
        Assert.That(loaded.Case("ct_2").Id, Is.EqualTo("ct_2"));
        Assert.That(
            () => loaded.Case("ct_3"),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("did you mean 'ct_"));
    }

    [Test]
    public void FilesAreFoundInEachFolderInTurnAndMissedByName()
    {
        using var folder = new TemporaryFolder();
        var manifest = Small with { DataRoot = folder.Path };
        var image = folder.Write("ct/1_image.nii.gz", "i");
        folder.Write("1_label.nii.gz", "l");

        Assert.That(manifest.ImagePath(manifest.Cases[0]), Is.EqualTo(image));
        Assert.That(manifest.FindProblems(checkHashes: true), Is.EqualTo(new[]
        {
            $"ct_2: the image file 2_image.nii.gz is missing; searched {folder.Path}, {folder["ct"]}.",
        }));
        Assert.That(
            () => manifest.Validate(true),
            Throws.InstanceOf<UserErrorException>().With.Message.StartsWith("ct_2:"));
        folder.Write("ct/2_image.nii.gz", "i");
        Assert.That(() => manifest.Validate(true), Throws.Nothing);
    }

    [Test]
    public void AFileWithAnotherHashIsNamed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("1_image.nii.gz", "abc");
        // SHA-256 of "abc", the standard's example.
        const string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        var good = Small.Cases[0] with { Label = null, ImageSha256 = abc };
        var bad = good with { Id = "other", ImageSha256 = new('0', 64) };
        var manifest = Small with { DataRoot = folder.Path, Cases = [good, bad] };

        Assert.That(manifest.FindProblems(checkHashes: false), Is.Empty);
        var problem = manifest.FindProblems(checkHashes: true).Single();
        Assert.That(problem, Does.StartWith("other: the image file").And.Contain(abc).And.Contain("damaged"));
    }

    [Test]
    public void ALongListOfProblemsIsCut()
    {
        using var folder = new TemporaryFolder();
        var manifest = VolumeManifest.Load(Repository.File("data-manifests/mm-whs-2017.json"), folder.Path);

        Assert.That(manifest.FindProblems(false), Has.Count.EqualTo(80));
        Assert.That(
            () => manifest.Validate(false),
            Throws.InstanceOf<UserErrorException>().With.Message.EndsWith("… and 75 more."));
    }

    [Test]
    public void InconsistenciesAreNamed()
    {
        using var folder = new TemporaryFolder();
        var one = Small.Cases[0];
        Assert.Multiple(() =>
        {
            Rejects(Small with { Cases = [one, one] }, "case id 'ct_1' occurs twice");
            Rejects(Small with { Cases = [one with { Modality = "PET" }] },
                "modality 'PET'; the manifest describes CT");
            Rejects(Small with { Cases = [one with { LabelSha256 = "xyz" }] }, "SHA-256 'xyz'");
            Rejects(Small with { Cases = [one with { IgnoredLabelBorderVoxels = -1 }] }, "ignoredLabelBorderVoxels");
            Rejects(Small with { Labels = [] }, "0 structures");
        });

        void Rejects(VolumeManifest manifest, string words) =>
            Assert.That(
                () => manifest.Save(folder["x.json"]),
                Throws.InstanceOf<UserErrorException>().With.Message.Contains(words)
                    .And.Message.StartsWith(folder["x.json"]));
    }

    [TestCase("""{"name": "x"}""", "'kind' is missing; it must be volumes")]
    [TestCase("""{"kind": "photos"}""", "'kind' is 'photos'; it must be volumes")]
    [TestCase("""{"kind": "volumes", "name": "x"}""", "missing required")]
    [TestCase("""{"kind": "volumes", "cases": [{"id": "a", "modalty": "CT"}]}""",
        "'cases\\[0\\].modalty'; did you mean 'modality'")]
    [TestCase("""{"kind": "volumes", "modalities": {"CT": {"windw": {}}}}""",
        "'modalities.CT.windw'; did you mean 'window'")]
    public void MistakesInTheFileAreNamed(string json, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.json", json);

        Assert.That(
            () => DatasetManifest.Load(path), Throws.InstanceOf<UserErrorException>().With.Message.Matches(message));
    }

    [Test]
    public void MmWhsHasTheFoldsOfThePaper()
    {
        var manifest = VolumeManifest.Load(Repository.File("data-manifests/mm-whs-2017.json"));

        Assert.That(StrictJson.Format(manifest.Labels), Is.EqualTo(StrictJson.Format(LabelSet.WholeHeart.Structures)));
        Assert.That(manifest.Modalities["CT"].Window, Is.EqualTo(IntensityWindow.Ct));
        Assert.That(manifest.Modalities["MR"].Window, Is.EqualTo(IntensityWindow.Mr));
        Assert.That(manifest.CasesOf("CT"), Has.Count.EqualTo(20));
        Assert.That(manifest.CasesOf("MR"), Has.Count.EqualTo(20));
        Assert.That(manifest.Case("ct_train_1020").Label, Is.EqualTo("ct_train_1020_label.nii.gz"));
        Assert.That(manifest.Case("mr_train_1002").IgnoredLabelBorderVoxels, Is.EqualTo(10));
        for (var fold = 0; fold < 2; fold++)
        {
            var (train, test) = manifest.SplitByFold(fold);
            Assert.That(test, Has.Count.EqualTo(10).And.All.Matches<CaseEntry>(c => c.Modality == "CT"));
            Assert.That(train.Count(c => c.Modality == "CT"), Is.EqualTo(10));
            Assert.That(train.Count(c => c.Modality == "MR"), Is.EqualTo(20));
            Assert.That(train.Concat(test).Select(c => c.Id), Is.Unique);
        }

        Assert.That(
            () => manifest.SplitByFold(2),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("the folds are 0, 1"));
    }
}
