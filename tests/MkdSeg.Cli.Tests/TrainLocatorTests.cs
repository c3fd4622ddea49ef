using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

public class TrainLocatorTests
{
    [Test]
    public void A_bundle_gets_another_locator_and_keeps_its_networks()
    {
        using var folder = new TemporaryFolder();
        var shipped = Repository.File("onnx/phantom-ct");
        Directory.CreateDirectory(folder["bundle"]);
        foreach (var file in Directory.GetFiles(shipped))
        {
            File.Copy(file, folder["bundle", Path.GetFileName(file)]);
        }

        CommandLine.RunWell(
            "train-locator", "--into", folder["bundle"], "--iterations", "1", "--phantom-thoraxes", "1", "--phantom-others",
            "0", "--threads", "1", "--device", "cpu", "--seed", "5");
        foreach (var file in Directory.GetFiles(shipped, "*.onnx").Select(Path.GetFileName))
        {
            var same = File.ReadAllBytes(Path.Combine(shipped, file!)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(folder["bundle", file!]));
            Assert.That(same, Is.EqualTo(file != "locator.onnx"), file);
        }

        Assert.That(CommandLine.RunWell("info", folder["bundle"]), Does.Contain("locator.onnx").And.Contain("5 slices of 6 mm"));
    }

    [Test]
    public void A_locator_of_another_modality_is_refused()
    {
        using var folder = new TemporaryFolder();
        CommandLine.RunWell("phantom", "--out", folder["data"], "--ct-train", "0", "--mr-train", "1", "--ct-test", "0");
        var (exit, _, error) = CommandLine.Run(
            "train", "--data", folder["data", "dataset.json"], "--out", folder["run"], "--target-modality", "MR",
            "--method", "baseline", "--locator-from", Repository.File("onnx/phantom-ct"));
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("is for CT volumes, but the training uses MR"));
    }
}
