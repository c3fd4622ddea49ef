using Microsoft.ML;
using MkdSeg.Bundles;
using MkdSeg.Metrics;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;
using MkdSeg.Volumes.IO;

namespace MkdSeg.ML.Tests.Catalog;

public class SegmentationCatalogTests
{
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1 };

    private static readonly SegmentationOptions InMemory = new() { PathColumnName = null, Inference = OneThread };

    private static IEnumerable<Direction> Directions() =>
        [Direction.Identity, TestVolumes.Flipped, TestVolumes.Sagittal, TestVolumes.Oblique];

    [TestCaseSource(nameof(Directions))]
    public void Masks_lie_on_the_volume_s_own_grid_and_where_the_ball_is(Direction direction)
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var model = context.Segmentation().LoadModel(TestNetworks.WriteBundle(folder["bundle"]), InMemory);
        var grid = TestVolumes.Grid(new(50, 48, 40), new(2.4, 2.4, 3), direction);
        var engine = context.Model.CreatePredictionEngine<VolumeRow, Masks>(model);
        var masks = engine.Predict(new() { Volume = TestVolumes.Image(grid) });
        foreach (var mask in (Volume<byte>[])[masks.Ensemble, masks.Real, masks.Syn])
        {
            Assert.That(mask.Grid, Is.EqualTo(grid));
            Assert.That(
                Dice.PerStructure(mask, TestVolumes.Classes(grid), 3), Is.All.GreaterThan(0.9), "shell and core");
        }
    }

    [Test]
    public void The_ensemble_lies_between_its_segmentors()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var model = context.Segmentation().LoadModel(TestNetworks.WriteBundle(folder["bundle"]), InMemory);
        var engine = context.Model.CreatePredictionEngine<VolumeRow, Masks>(model);
        // Intensities between the two segmentors' thresholds, 150 and 250 HU, and in their middle.
        var image = TestVolumes.Image(TestVolumes.Grid());
        for (var i = 0; i < image.Voxels.Length; i++)
        {
            if (image.Voxels[i] == 400)
                image.Voxels[i] = 180 + (i % 5 * 10);
        }

        var masks = engine.Predict(new() { Volume = image });
        var (syn, real, ensemble) = (Cores(masks.Syn), Cores(masks.Real), Cores(masks.Ensemble));
        Assert.That(syn, Is.LessThan(ensemble));
        Assert.That(ensemble, Is.LessThan(real));

        static int Cores(Volume<byte> mask) => mask.Voxels.Count(index => index == 2);
    }

    [TestCase(CropRule.Centre)]
    [TestCase(CropRule.Whole)]
    [TestCase(CropRule.Label)]
    public void Other_crop_rules_find_the_ball_too(CropRule crop)
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var model = context.Segmentation().LoadModel(
            TestNetworks.WriteBundle(folder["bundle"]), InMemory with { Crop = crop });
        var grid = TestVolumes.Grid(new(44, 44, 20));
        var engine = context.Model.CreatePredictionEngine<VolumeRow, Masks>(model);
        var masks = engine.Predict(
            new() { Volume = TestVolumes.Image(grid), Label = TestVolumes.Classes(grid) });
        Assert.That(
            Dice.PerStructure(masks.Ensemble, TestVolumes.Classes(grid), 3), Is.All.GreaterThan(0.9));
    }

    [Test]
    public void Single_steps_give_what_the_fused_one_gives()
    {
        var context = new MLContext();
        var steps = context.Transforms;
        var data = context.Data.LoadFromEnumerable(TestRow.Create());
        var options = TestNetworks.Preprocessing with { Crop = CropRule.Centre, PatchSize = 24 };
        var fused = steps.PrepareVolume("Out", "Volume", new() { Preprocessing = options });
        var single = steps.OrientVolume("Out", "Volume")
            .Append(steps.ResampleInPlane("Out", null, new() { SpacingMm = 2, PatchSize = 24 }))
            .Append(steps.NormalizeIntensity("Out", null, options.Window));
        Assert.That(
            Digest.Column(single.Fit(data).Transform(data), "Out"),
            Is.EqualTo(Digest.Column(fused.Fit(data).Transform(data), "Out")));
    }

    [Test]
    public void Own_steps_fit_before_after_and_in_between()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var pipeline = context.Transforms
            .CustomMapping<VolumeRow, Shifted>((from, to) => to.Shifted1 = Plus(from.Volume, 100), contractName: null!)
            .Append(context.Segmentation().CreatePipeline(
                TestNetworks.WriteBundle(folder["bundle"]), InMemory with { VolumeColumnName = "Shifted1" }))
            .Append(context.Transforms.CustomMapping<Masks, Counted>(
                (from, to) => to.Voxels = from.Ensemble.Voxels.Count(index => index != 0), contractName: null!));
        var image = TestVolumes.Image(TestVolumes.Grid());
        var data = context.Data.LoadFromEnumerable(new[] { new VolumeRow { Volume = Plus(image, -100) } });
        var counted = context.Data.CreateEnumerable<Counted>(
            pipeline.Fit(data).Transform(data), reuseRowObject: false, ignoreMissingColumns: true).Single();
        Assert.That(
            counted.Voxels,
            Is.EqualTo(TestVolumes.Classes(image.Grid).Voxels.Count(index => index != 0)).Within(3).Percent);

        static Volume<float> Plus(Volume<float> volume, float value) =>
            new(volume.Grid, [.. volume.Voxels.Select(v => v + value)]);
    }

    [Test]
    public void A_saved_model_needs_neither_the_bundle_nor_this_process()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        TestNetworks.WriteBundle(folder["bundle"]);
        var model = context.Segmentation().LoadModel(folder["bundle"], new() { Inference = OneThread });
        VolumeFile.Write(TestVolumes.Image(TestVolumes.Grid(direction: TestVolumes.Flipped)), folder["ct.nii.gz"]);
        var data = context.Data.LoadVolumes([folder["ct.nii.gz"]]);
        var expected = Digest.Column(model.Transform(data), SegmentationColumns.Mask).Single();
        context.Model.Save(model, data.Schema, folder["model.zip"]);
        Directory.Delete(folder["bundle"], recursive: true);

        Assert.That(
            FreshProcess.ScoreFile(folder["ct.nii.gz"], SegmentationColumns.Mask, folder["model.zip"]),
            Is.EqualTo(expected));
    }

    [Test]
    public void A_bundle_without_segmentors_is_refused()
    {
        using var folder = new TemporaryFolder();
        var bundle = TestNetworks.WriteBundle(folder["bundle"]);
        var generators = bundle with { Networks = [bundle.Networks[0] with { Role = NetworkRoles.GeneratorToTarget }] };
        Assert.That(
            () => new MLContext().Segmentation().CreatePipeline(generators),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("has no segmentor"));
    }

    [Test]
    public void Evaluate_gives_dice_per_structure_and_mean()
    {
        var context = new MLContext();
        // Two of four voxels of class 1 found, none of class 2: Dice 2·2/(2+4) and 0; the third class is nowhere.
        var grid = TestVolumes.Grid(new(8, 1, 1));
        var data = context.Data.LoadFromEnumerable(new[]
        {
            new Pair
            {
                Name = "a",
                Label = new(grid, [1, 1, 1, 1, 2, 0, 0, 0]),
                Mask = new(grid, [1, 1, 0, 0, 0, 0, 0, 0]),
            },
        });
        var metrics = context.Segmentation().Evaluate(data, labels: TestNetworks.Labels);
        Assert.Multiple(() =>
        {
            Assert.That(metrics.DicePerStructure["shell"], Is.EqualTo(2.0 / 3).Within(1e-12));
            Assert.That(metrics.DicePerStructure["core"], Is.Zero);
            Assert.That(metrics.MeanDice, Is.EqualTo(1.0 / 3).Within(1e-12));
            Assert.That(metrics.Table.Cases.Single().CaseId, Is.EqualTo("a"));
        });
    }

    [Test]
    public void Evaluate_names_what_is_wrong()
    {
        var context = new MLContext();
        var catalog = context.Segmentation();
        var data = context.Data.LoadFromEnumerable(new[]
        {
            new Pair
            {
                Name = "a",
                Label = new(TestVolumes.Grid(new(8, 1, 1))),
                Mask = new(TestVolumes.Grid(new(7, 1, 1))),
            },
        });
        Assert.Multiple(() =>
        {
            Assert.That(
                () => catalog.Evaluate(data, "Truth"),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("column 'Truth'"));
            Assert.That(
                () => catalog.Evaluate(data, "Name"),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("of type ClassVolume"));
            Assert.That(
                () => catalog.Evaluate(data),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("a: the predicted mask has 7×1×1 voxels"));
        });
    }

    [Test]
    public void Exported_networks_run_in_stock_ApplyOnnxModel_at_a_fixed_shape()
    {
        using var folder = new TemporaryFolder();
        var model = TestNetworks.RandomUNet(5);
        File.WriteAllBytes(folder["S_real.onnx"], model);
        var slice = TestVolumes.Noise(TestVolumes.Grid(new(24, 16, 1)));
        var context = new MLContext();
        var shapes = new Dictionary<string, int[]>
        {
            ["image"] = [1, 1, 16, 24],
            ["probabilities"] = [1, 3, 16, 24],
        };
        var stock = context.Transforms.ApplyOnnxModel("probabilities", "image", folder["S_real.onnx"], shapes);
        var data = context.Data.LoadFromEnumerable(new[] { new OnnxRow { Image = slice.Voxels } });
        var found = context.Data.CreateEnumerable<OnnxResult>(
            stock.Fit(data).Transform(data), reuseRowObject: false, ignoreMissingColumns: true).Single();

        using var segmentor = new OnnxSegmentor(model, OneThread);
        Assert.That(found.Probabilities, Is.EqualTo(segmentor.Segment(slice).Values).Within(1e-5f));
    }

    private sealed class VolumeRow
    {
        [VolumeType]
        public Volume<float> Volume { get; set; } = null!;

        [ClassVolumeType]
        public Volume<byte> Label { get; set; } = null!;
    }

    private sealed class Shifted
    {
        [VolumeType]
        public Volume<float> Shifted1 { get; set; } = null!;
    }

    private sealed class Masks
    {
        [Microsoft.ML.Data.ColumnName("Mask")]
        [ClassVolumeType]
        public Volume<byte> Ensemble { get; set; } = null!;

        [Microsoft.ML.Data.ColumnName("Mask_S_real")]
        [ClassVolumeType]
        public Volume<byte> Real { get; set; } = null!;

        [Microsoft.ML.Data.ColumnName("Mask_S_syn")]
        [ClassVolumeType]
        public Volume<byte> Syn { get; set; } = null!;
    }

    private sealed class Counted
    {
        public int Voxels { get; set; }
    }

    private sealed class Pair
    {
        public string Name { get; set; } = "";

        [ClassVolumeType]
        public Volume<byte> Label { get; set; } = null!;

        [ClassVolumeType]
        public Volume<byte> Mask { get; set; } = null!;
    }

    private sealed class OnnxRow
    {
        [Microsoft.ML.Data.ColumnName("image")]
        [Microsoft.ML.Data.VectorType(1, 1, 16, 24)]
        public float[] Image { get; set; } = [];
    }

    private sealed class OnnxResult
    {
        [Microsoft.ML.Data.ColumnName("probabilities")]
        public float[] Probabilities { get; set; } = [];
    }
}
