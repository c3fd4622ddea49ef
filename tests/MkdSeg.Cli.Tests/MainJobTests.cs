using System.Text.Json.Nodes;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>The main job end to end, as the Train target runs it, with two iterations.</summary>
public class MainJobTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void TrainTwice()
    {
        CommandLine.RunWell("phantom", "--out", _folder["data"], "--ct-train", "1", "--mr-train", "1", "--ct-test", "1");
        foreach (var run in new[] { "first", "second" })
        {
            CommandLine.RunWell(
                "train", "--data", _folder["data", "dataset.json"], "--out", _folder[run], "--iterations", "2",
                "--threads", "1", "--device", "cpu", "--name", "tiny", "--locator-iterations", "0");
        }
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Volumes_are_scored_and_evaluated()
    {
        CommandLine.RunWell(
            "score", _folder["data", "ct_test"], "--model", _folder["first", "bundle"], "--out", _folder["masks"],
            "--members", "--threads", "1");
        foreach (var mask in new[] { _folder["masks"], _folder["masks", "S_syn"], _folder["masks", "S_real"] })
        {
            Assert.That(Path.Combine(mask, "ct_test_2001_image.nii.gz"), Does.Exist);
        }

        var table = CommandLine.RunWell(
            "evaluate", "--truth", _folder["data", "ct_test"], "--prediction", $"S_real={_folder["masks", "S_real"]}",
            "--prediction", $"Ensemble={_folder["masks"]}", "--out", _folder["dice.md"], "--note", "a phantom",
            "--record", _folder["first", "bundle"]);
        Assert.That(
            CommandLine.RunWell("info", _folder["first", "bundle"]),
            Does.Contain("(ensemble, 1 volumes: a phantom)").And.Contain("(S_real, 1 volumes: a phantom)"));
        Assert.That(table, Does.Contain("S_real").And.Contain("Ensemble").And.Contain("MYO"));
        Assert.That(File.ReadAllText(_folder["dice.md"]), Does.StartWith("a phantom\n\n|").And.Contain("## Ensemble"));

        var report = CommandLine.RunWell(
            "report", _folder["first"], _folder["masks"], "--compare", $"Alone={_folder["masks", "S_real"]}",
            "--device", "cpu", "--threads", "1");
        Assert.That(report, Does.Contain(_folder["first", "report.html"]).And.Not.Contain("Left out"));
        Assert.That(
            File.ReadAllText(_folder["first", "report.html"]),
            Does.Contain("These data are synthetic").And.Contain("<th scope=\"row\">Alone</th>"));
    }

    [Test]
    public void A_perfect_prediction_has_Dice_1()
    {
        var truth = _folder["data", "ct_test"];
        Directory.CreateDirectory(_folder["perfect"]);
        File.Copy(
            Path.Combine(truth, "ct_test_2001_label.nii.gz"), _folder["perfect", "ct_test_2001.nii.gz"], overwrite: true);
        var table = CommandLine.RunWell("evaluate", "--truth", truth, "--prediction", _folder["perfect"]);
        Assert.That(table.Split("1.0000"), Has.Length.EqualTo(17), "7 structures and the mean, for the case and the mean");

        var surfaces = CommandLine.RunWell(
            "evaluate", "--truth", truth, "--prediction", _folder["perfect"], "--tolerance", "0.5",
            "--out", _folder["scores.csv"], "--out", _folder["scores.json"]);
        Assert.That(surfaces, Does.Contain("within 0.5 mm").And.Contain("HD95, mm").And.Contain("Volume difference"));
        Assert.That(File.ReadAllText(_folder["scores.csv"]), Does.Contain("perfect,ct_test_2001,LV,1,1,0.5,0,0,0,1\n"));
        Assert.That(File.ReadAllText(_folder["scores.json"]), Does.Contain("\"surfaceToleranceMm\": 0.5"));
    }

    [Test]
    public void One_seed_gives_the_same_bytes()
    {
        string[] files = ["S_real.onnx", "S_syn.onnx", "G_at.onnx", "G_ta.onnx"];
        foreach (var file in files)
        {
            Assert.That(
                File.ReadAllBytes(_folder["first", "bundle", file]),
                Is.EqualTo(File.ReadAllBytes(_folder["second", "bundle", file])),
                file);
        }
    }

    [Test]
    public void The_run_keeps_its_configuration_and_losses()
    {
        var configuration = JsonNode.Parse(File.ReadAllText(_folder["first", "training.json"]))!;
        Assert.That((int)configuration["iterations"]!, Is.EqualTo(2));
        Assert.That(File.ReadAllLines(_folder["first", "metrics.csv"]), Has.Length.EqualTo(3), "a header and two iterations");
    }

    [Test]
    public void Info_describes_volume_manifest_and_bundle()
    {
        var image = _folder["data", "ct_test", "ct_test_2001_image.nii.gz"];
        Assert.That(CommandLine.RunWell("info", image), Does.Contain("spacing"));
        Assert.That(CommandLine.RunWell("info", _folder["data", "dataset.json"]), Does.Contain("CT (train): 1 cases"));
        Assert.That(CommandLine.RunWell("info", _folder["first", "bundle"]), Does.Contain("tiny").And.Contain("S_real"));
    }

    [Test]
    public void A_picture_is_drawn()
    {
        var part = _folder["data", "ct_test"];
        CommandLine.RunWell(
            "picture", Path.Combine(part, "ct_test_2001_image.nii.gz"), "--mask",
            Path.Combine(part, "ct_test_2001_label.nii.gz"), "--out", _folder["picture.png"]);
        Assert.That(File.ReadAllBytes(_folder["picture.png"]).AsSpan(1, 3).SequenceEqual("PNG"u8));
    }

    [Test]
    public void A_damaged_volume_does_not_stop_the_others()
    {
        Directory.CreateDirectory(_folder["mixed"]);
        File.Copy(
            _folder["data", "ct_test", "ct_test_2001_image.nii.gz"], _folder["mixed", "good.nii.gz"], overwrite: true);
        File.WriteAllText(_folder["mixed", "bad.nii.gz"], "this is no volume");
        var (exit, _, error) = CommandLine.Run(
            "score", _folder["mixed"], "--model", _folder["first", "bundle"], "--out", _folder["mixed-masks"],
            "--threads", "1");
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain("bad.nii.gz"));
        Assert.That(_folder["mixed-masks", "good.nii.gz"], Does.Exist);
        Assert.That(File.ReadAllText(_folder["mixed-masks", "results.csv"]), Does.Contain("failed"));
    }

    [Test]
    public void A_device_that_does_not_exist_is_refused_before_any_work()
    {
        var (exit, _, error) = CommandLine.Run(
            "score", _folder["data", "ct_test"], "--model", _folder["first", "bundle"], "--out", _folder["none"],
            "--device", "tpu");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("mkdseg: ").And.Contain("'tpu'"));
        Assert.That(_folder["none"], Does.Not.Exist);
    }
}
