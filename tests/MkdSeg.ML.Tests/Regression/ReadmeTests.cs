using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Datasets;
using MkdSeg.Metrics;
using MkdSeg.Phantom;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>The C# of the README: what stands there is the code between the markers here, and it runs.</summary>
[NonParallelizable]
public class ReadmeTests
{
    [Test]
    public void Snippets_run()
    {
        using var folder = new TemporaryFolder();
        PhantomDataset.Write(folder["data"], new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = 1 });
        Directory.CreateDirectory(folder["work", "ct_folder"]);
        Directory.CreateDirectory(folder["work", "onnx", "phantom-ct"]);
        File.Copy(
            folder["data", "ct_test", "ct_test_2001_image.nii.gz"], folder["work", "ct_folder", "ct_test_2001.nii.gz"]);
        foreach (var file in Directory.GetFiles(Repository.File("onnx/phantom-ct")))
        {
            File.Copy(file, folder["work", "onnx", "phantom-ct", Path.GetFileName(file)]);
        }

        Directory.Move(folder["data", "ct_test"], folder["work", "annotations"]);
        Directory.CreateDirectory(folder["work", "masks"]);
        File.Copy(
            folder["work", "annotations", "ct_test_2001_label.nii.gz"], folder["work", "masks", "ct_test_2001.nii.gz"]);
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder["work"];
        try
        {
            Application();
            Assert.That(folder["work", "heart.zip"], Does.Exist);
            Regression();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Test]
    public void Readme_shows_what_is_tested_here()
    {
        var readme = File.ReadAllText(Repository.File("README.md"));
        var source = File.ReadAllLines(Repository.File("tests/MkdSeg.ML.Tests/Regression/ReadmeTests.cs"));
        var shown = Enumerable.Range(0, source.Length).Where(i => source[i].Trim() == "// README").ToArray();
        Assert.That(shown, Has.Length.EqualTo(2));
        foreach (var start in shown)
        {
            var lines = source.Skip(start + 1).TakeWhile(line => line != "    }")
                .Select(line => line.Length > 8 ? line[8..] : string.Empty);
            Assert.That(readme, Does.Contain(string.Join('\n', lines)));
        }
    }

    private static void Application()
    {
        // README
        var ml = new MLContext();
        var model = ml.Segmentation().LoadModel("onnx/phantom-ct");
        var scored = model.Transform(ml.Data.LoadVolumes("ct_folder"));
        foreach (var mask in scored.GetColumn<Volume<byte>>("Mask"))
        {
            var leftVentricle = mask.Voxels.Count(index => index == 3) * mask.Grid.VoxelMl;
            Console.WriteLine($"left ventricle: {leftVentricle:0} mL");
        }

        ml.Model.Save(model, null, "heart.zip"); // networks included; ml.Model.Load brings it back anywhere
    }

    private static void Regression()
    {
        // README
        var comparison = MaskComparison.OfFolders("masks", "annotations", LabelSet.WholeHeart);
        Assert.That(comparison.Table.Mean, Is.GreaterThan(0.88));
    }
}
