using MkdSeg.IO;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

public class PhotographTests
{
    [Test]
    public void Photographs_are_trained_on_and_labelled()
    {
        using var folder = new TemporaryFolder();
        var manifest = StreetScenes.Draw(folder.Path, 1);
        var path = Repository.File("data-manifests/gta5-cityscapes.json");

        Assert.That(
            CommandLine.RunWell("info", path, "--data-root", folder.Path),
            Does.Contain("Cityscapes (train): 1 photographs").And.Contain("GTA5 (train): 1 photographs"));
        CommandLine.RunWell(
            "train", "--data", path, "--data-root", folder.Path, "--method", "mkd", "--iterations", "1", "--threads", "1",
            "--out", folder["run"]);
        Assert.That(CommandLine.RunWell("info", folder["run", "bundle"]), Does.Contain("photographs with 3 channels"));
        Assert.That(
            CommandLine.RunWell(
                "score", folder["leftImg8bit"], "--model", folder["run", "bundle"], "--out", folder["found"], "--threads",
                "1"),
            Does.Contain("2 photographs labelled: 2 ok, 0 doubtful, 0 failed; label images and results.csv"));

        var name = Path.GetRelativePath(folder["leftImg8bit"], manifest.CasesOf("Cityscapes", "val")[0].ImagePath);
        var (labels, coloured) = PhotographFile.ReadLabels(folder["found", name]);
        Assert.That(coloured, Is.False);
        Assert.That((labels.Grid.Size.X, labels.Grid.Size.Y), Is.EqualTo((StreetScenes.Width, StreetScenes.Height)));
        Assert.That(
            labels.Voxels, Has.All.Matches<int>(value => value == 0 || manifest.Labels.Any(s => s.Value == value)));

        var evaluated = CommandLine.RunWell(
            "evaluate", "--labels", path, "--truth", folder.Path, "--prediction", folder["found"], "--out",
            folder["scores.csv"]);
        Assert.That(evaluated, Does.Contain("IoU").And.Contain("all pixels").And.Contain("mean"));
        Assert.That(File.ReadAllLines(folder["scores.csv"])[0], Does.EndWith(",iou"));

        // The photographs that are there are labelled all the same.
        File.WriteAllText(
            Directory.GetFiles(folder["leftImg8bit"], "*.png", SearchOption.AllDirectories).Order().First(), "");
        var (exit, _, error) = CommandLine.Run(
            "score", folder["leftImg8bit"], "--model", folder["run", "bundle"], "--out", folder["again"], "--threads", "1");
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain("_leftImg8bit.png"));
    }

    [Test]
    public void Missing_photographs_are_named()
    {
        using var folder = new TemporaryFolder();
        var (exit, _, error) = CommandLine.Run(
            "train", "--data", Repository.File("data-manifests/gta5-cityscapes.json"), "--data-root", folder.Path, "--out",
            folder["run"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("leftImg8bit/train/*/*_leftImg8bit.png"));
    }
}
