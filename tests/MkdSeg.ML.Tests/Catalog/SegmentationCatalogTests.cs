using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.ML.Transforms;
using MkdSeg.Metrics;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

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
    public void Single_steps_give_what_the_bundle_s_pipeline_gives()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var steps = context.Transforms;
        var bundle = TestNetworks.WriteBundleWithLocator(folder["bundle"]);
        var image = TestVolumes.Image(TestVolumes.Grid(direction: TestVolumes.Flipped));
        var data = context.Data.LoadFromEnumerable(new[] { new VolumeRow { Volume = image } });
        var whole = context.Segmentation().LoadModel(bundle, InMemory with { LargestComponentsOnly = true }).Transform(data);
        var single = steps.LocateHeart("HeartBox", "Volume", bundle, new() { Inference = OneThread })
            .Append(steps.PrepareVolume("Prepared", "Volume", new()
            {
                Preprocessing = bundle.Preprocessing with
                {
                    Crop = CropRule.Located, ZMarginMm = bundle.Preprocessing.ZMarginMm - bundle.Locator!.MarginMm,
                },
                BoxColumnName = "HeartBox",
            }))
            .Append(Segmentor(NetworkRoles.SSyn))
            .Append(Segmentor(NetworkRoles.SReal))
            .Append(steps.AverageProbabilities("P", ["P_S_syn", "P_S_real"]))
            .Append(steps.RestoreGeometry("Mask", "P", "Volume"))
            .Append(steps.KeepLargestComponents("Mask"))
            .Append(steps.RestoreGeometry("Mask_S_real", "P_S_real", "Volume"))
            .Fit(data).Transform(data);
        foreach (var column in (string[])["HeartBox", "Prepared", "Mask"])
            Assert.That(Digest.Column(single, column), Is.EqualTo(Digest.Column(whole, column)), column);
        Assert.That(single.GetColumn<Volume<byte>>("Mask_S_real").Single().Voxels, Does.Contain(2));

        StepEstimator Segmentor(string role) => steps.SegmentSlices(
            $"P_{role}", "Prepared", bundle.ReadNetwork(role), new() { Inference = OneThread });
    }

    [Test]
    public void A_bundle_s_pipeline_is_a_chain_of_at_most_45_links()
    {
        var context = new MLContext();
        var model = context.Segmentation().LoadModel(Repository.File("onnx/phantom-ct"));
        var links = Links(model).Select(link => link.GetType().Name).ToArray();
        TestContext.Out.WriteLine(string.Join(", ", links.GroupBy(name => name).Select(group => $"{group.Count()} {group.Key}")));
        Assert.That(links, Has.Length.InRange(20, 45));

        static IEnumerable<ITransformer> Links(ITransformer model) => model switch
        {
            StepTransformer step => Links(step.Chain),
            IEnumerable<ITransformer> chain => chain.SelectMany(Links),
            _ => [model],
        };
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
    public void A_saved_model_holds_each_network_once()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var bundle = ModelBundle.Load(Repository.File("onnx/phantom-ct"));
        context.Model.Save(context.Segmentation().LoadModel(bundle), null, folder["model.zip"]);
        // As base64, which ML.NET writes as UTF-16; zipping takes both off again. Weights do not compress.
        var networks = bundle.Networks.Where(network => !NetworkRoles.IsGenerator(network.Role))
            .Sum(network => bundle.ReadNetwork(network.Role).Length);
        Assert.That(new FileInfo(folder["model.zip"]).Length, Is.InRange(0.8 * networks, 1.3 * networks));
    }

    [Test]
    public void Volumes_and_agreement_come_with_the_structures_names()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var image = TestVolumes.Image(TestVolumes.Grid());
        var data = context.Data.LoadFromEnumerable(new[] { new VolumeRow { Volume = image } });
        var scored = context.Segmentation()
            .LoadModel(TestNetworks.WriteBundle(folder["bundle"]), InMemory with { Crop = CropRule.Whole })
            .Transform(data);
        var mask = scored.GetColumn<Volume<byte>>(SegmentationColumns.Mask).Single();
        var volumes = scored.GetColumn<float[]>(SegmentationColumns.VolumesMl).Single();
        var agreement = scored.GetColumn<float[]>(SegmentationColumns.Agreement).Single();
        var disagreement = scored.GetColumn<Volume<float>>(SegmentationColumns.Disagreement).Single();
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema[SegmentationColumns.VolumesMl].GetSlotNames(ref names);
        Assert.Multiple(() =>
        {
            Assert.That(names.DenseValues().Select(name => name.ToString()), Is.EqualTo(new[] { "shell", "core" }));
            for (var i = 0; i < 2; i++)
            {
                Assert.That(
                    volumes[i],
                    Is.EqualTo(mask.Voxels.Count(index => index == i + 1) * 0.016).Within(1e-3), "2×2×4 mm are 0.016 mL");
            }

            Assert.That(scored.Schema[SegmentationColumns.Agreement].HasSlotNames(), Is.True);
            Assert.That(agreement, Is.All.GreaterThan(0.9).And.All.LessThanOrEqualTo(1));
            Assert.That(disagreement.Voxels, Is.All.InRange(0, 1));
            Assert.That(disagreement.Voxels.Max(), Is.GreaterThan(0));
        });
    }

    [Test]
    public void A_column_named_as_a_structure_is_refused_where_it_would_be_lost()
    {
        var context = new MLContext();
        var data = context.Transforms.CopyColumns("core", "Label").Fit(Rows()).Transform(Rows());
        Assert.That(
            () => context.Transforms.MeasureVolumes("Ml", "Label", TestNetworks.Labels).Fit(data),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("'core'").And.Message.Contains("rename"));

        IDataView Rows() => context.Data.LoadFromEnumerable(TestRow.Create());
    }

    [Test]
    public void A_segmentor_whose_columns_nobody_asks_for_does_not_run()
    {
        var context = new MLContext();
        var steps = context.Transforms;
        var data = context.Data.LoadFromEnumerable(
            new[] { new VolumeRow { Volume = TestVolumes.Image(TestVolumes.Grid()) } });
        var scored = steps.PrepareVolume("Prepared", "Volume", new()
            {
                Preprocessing = TestNetworks.Preprocessing with { Crop = CropRule.Whole }, SizeMultiple = 4,
            })
            .Append(steps.SegmentSlices("Broken", "Prepared", [1, 2, 3], new() { Inference = OneThread }))
            .Append(steps.SegmentSlices("P", "Prepared", TestNetworks.Threshold(), new() { Inference = OneThread }))
            .Append(steps.RestoreGeometry("Mask", "P", "Volume"))
            .Fit(data).Transform(data);
        Assert.That(scored.GetColumn<Volume<byte>>("Mask").Single().Voxels, Does.Contain(2));
        Assert.That(() => scored.GetColumn<ProbabilityVolume>("Broken").Single(), Throws.Exception);
    }

    [TestCase(SliceFlips.None)]
    [TestCase(SliceFlips.Both)]
    public void Without_probabilities_masks_and_map_are_the_same_to_the_bit(SliceFlips flips)
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var bundle = TestNetworks.WriteBundle(folder["bundle"]);
        var image = TestVolumes.Noise(TestVolumes.Grid(direction: TestVolumes.Flipped));
        for (var i = 0; i < image.Voxels.Length; i++)
            image.Voxels[i] *= 1000;
        var data = context.Data.LoadFromEnumerable(new[] { new VolumeRow { Volume = image } });
        string[][] found = [.. new[] { false, true }.Select(keep =>
        {
            var scored = context.Segmentation().LoadModel(bundle, InMemory with
            {
                Crop = CropRule.Whole,
                KeepProbabilities = keep,
                Weights = [1, 3],
                Flips = flips,
                Inference = OneThread with { BatchSize = 5 },
            }).Transform(data);
            string[] columns = ["Mask", "Mask_S_syn", "Mask_S_real", "Disagreement", "Agreement"];
            return (string[])[.. columns.Select(column => Digest.Column(scored, column).Single())];
        })];
        Assert.That(found[0], Is.EqualTo(found[1]).AsCollection);
        Assert.That(found[0][..3], Is.Unique);
    }

    [Test]
    public void Stray_parts_are_cleared_where_asked_for()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var bundle = TestNetworks.WriteBundle(folder["bundle"]);
        var image = TestVolumes.Image(TestVolumes.Grid());
        for (var x = 0; x < 6; x++)
            (image[x, 0, 0], image[x, 1, 0], image[x, 2, 0]) = (400, 400, 400);
        Assert.Multiple(() =>
        {
            Assert.That(Corner(largestOnly: false), Is.EqualTo(2));
            Assert.That(Corner(largestOnly: true), Is.Zero);
        });

        int Corner(bool largestOnly)
        {
            var model = context.Segmentation().LoadModel(
                bundle, InMemory with { Crop = CropRule.Whole, LargestComponentsOnly = largestOnly });
            var engine = context.Model.CreatePredictionEngine<VolumeRow, Masks>(model);
            return engine.Predict(new() { Volume = image }).Ensemble[2, 1, 0];
        }
    }

    [Test]
    public void Labels_are_saved_with_their_values_under_the_row_s_name()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(TestRow.Create());
        var steps = context.Transforms.SaveLabels(
            "Saved", "Label", new() { Folder = folder["masks"] }, TestNetworks.Labels);
        var paths = steps.Fit(data).Transform(data).GetColumn<string>("Saved").ToArray();
        Assert.That(paths, Is.EqualTo(TestRow.Create().Select(row => folder["masks", $"{row.Name}.nii.gz"])));
        var read = VolumeFile.ReadLabels(paths[1]);
        Assert.That(
            read.Voxels, Is.EqualTo(TestNetworks.Labels.ToValues(TestRow.Create(1).Label).Voxels).AsCollection);
    }

    [TestCase("../outside")]
    [TestCase("/tmp/outside")]
    [TestCase(" ")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var row = TestRow.Create(0);
        row.Name = name;
        var data = context.Data.LoadFromEnumerable(new[] { row });
        var steps = context.Transforms.SaveLabels("Saved", "Label", new() { Folder = folder["masks"] }, TestNetworks.Labels);
        Assert.That(
            () => steps.Fit(data).Transform(data).GetColumn<string>("Saved").ToArray(),
            Throws.Exception.Matches<Exception>(error => UserErrorException.SentenceWithin(error)!.Contains("name")));
    }

    [Test]
    public void A_folder_gives_a_row_per_volume_in_order()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["b.nii.gz", "a.nii", "notes.txt", "c.nrrd", "b_label.nii.gz", "c.seg.nrrd"])
            folder.Write(name, "");
        var data = new MLContext().Data.LoadVolumes(folder.Path);
        Assert.That(data.GetColumn<string>("Name"), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(data.GetColumn<string>("Path").First(), Is.EqualTo(folder["a.nii"]));
    }

    [Test]
    public void A_manifest_gives_a_row_per_case()
    {
        var context = new MLContext();
        var file = Repository.File("data-manifests/mm-whs-2017.json");
        var manifest = VolumeManifest.Load(file);
        var all = context.Data.LoadVolumes(file);
        var mr = context.Data.LoadVolumes(manifest, "MR");
        Assert.Multiple(() =>
        {
            Assert.That(all.GetColumn<string>("Name"), Is.EqualTo(manifest.Cases.Select(entry => entry.Id)));
            Assert.That(mr.GetColumn<string>("Modality").Distinct(), Is.EqualTo(new[] { "MR" }));
            Assert.That(mr.GetColumn<string>("Path").First(), Does.EndWith(manifest.CasesOf("MR")[0].Image));
            Assert.That(mr.GetColumn<string>("LabelPath").First(), Does.EndWith(manifest.CasesOf("MR")[0].Label!));
            Assert.That(
                () => context.Data.LoadVolumes(manifest, "US"),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("'US'").And.Message.Contains("CT"));
        });
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
                Throws.TypeOf<UserErrorException>().With.Message.Contains("of type LabelMap"));
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
        public Volume<float> Volume { get; set; } = null!;

        public Volume<byte> Label { get; set; } = null!;
    }

    private sealed class Shifted
    {
        public Volume<float> Shifted1 { get; set; } = null!;
    }

    private sealed class Masks
    {
        [ColumnName("Mask")]
        public Volume<byte> Ensemble { get; set; } = null!;

        [ColumnName("Mask_S_real")]
        public Volume<byte> Real { get; set; } = null!;

        [ColumnName("Mask_S_syn")]
        public Volume<byte> Syn { get; set; } = null!;
    }

    private sealed class Counted
    {
        public int Voxels { get; set; }
    }

    private sealed class Pair
    {
        public string Name { get; set; } = "";

        public Volume<byte> Label { get; set; } = null!;

        public Volume<byte> Mask { get; set; } = null!;
    }

    private sealed class OnnxRow
    {
        [ColumnName("image")]
        [VectorType(1, 1, 16, 24)]
        public float[] Image { get; set; } = [];
    }

    private sealed class OnnxResult
    {
        [ColumnName("probabilities")]
        public float[] Probabilities { get; set; } = [];
    }
}
