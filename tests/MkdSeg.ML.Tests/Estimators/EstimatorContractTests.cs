using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Estimators;

/// <summary>What every estimator promises, whatever it does.</summary>
public class EstimatorContractTests
{
    private const string Output = "Out";
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1, BatchSize = 3 };

    private static readonly TemporaryFolder Files = new();

    private static readonly DataViewType Values = new VectorDataViewType(NumberDataViewType.Single, 2);

    private static readonly Contract[] Contracts =
    [
        new("LoadVolume", "ImagePath", VolumeDataViewType.Instance, t => t.LoadVolume(Output, "ImagePath")),
        new("LoadLabels", "LabelPath", ClassVolumeDataViewType.Instance,
            t => t.LoadLabels(Output, "LabelPath", TestNetworks.Labels)),
        new("OrientVolume", "Volume", VolumeDataViewType.Instance, t => t.OrientVolume(Output, "Volume", "RAS")),
        new("CropVolume", "Volume", VolumeDataViewType.Instance,
            t => t.CropVolume(Output, "Volume", new() { ExtentMm = 50 })),
        new("CropVolume-box", "Box", VolumeDataViewType.Instance,
            t => t.CropVolume(Output, "Volume", new() { BoxColumnName = "Box", MarginMm = 3 })),
        new("ResampleInPlane", "Volume", VolumeDataViewType.Instance,
            t => t.ResampleInPlane(Output, "Volume", new() { SpacingMm = 4, PatchSize = 12 })),
        new("NormalizeIntensity", "Volume", VolumeDataViewType.Instance,
            t => t.NormalizeIntensity(Output, "Volume", new() { LowerValue = -200, UpperValue = 300 })),
        new("PrepareVolume", "Volume", VolumeDataViewType.Instance, t => t.PrepareVolume(
            Output, "Volume", new() { Preprocessing = TestNetworks.Preprocessing with { Crop = CropRule.Centre } })),
        new("PrepareVolume-box", "Box", VolumeDataViewType.Instance, t => t.PrepareVolume(
            Output, "Volume", new() { Preprocessing = TestNetworks.Preprocessing, BoxColumnName = "Box" })),
        new("LocateLabels", "Label", HeartBoxDataViewType.Instance, t => t.LocateLabels(Output, "Label")),
        new("LocateHeart", "Volume", HeartBoxDataViewType.Instance, t => t.LocateHeart(
            Output, "Volume", [TestNetworks.Threshold(-0.5, 0.25), TestNetworks.Threshold()],
            new() { Preprocessing = TestNetworks.Preprocessing, SizeMultiple = 4, Inference = OneThread })),
        new("SegmentSlices", "Volume", ProbabilityVolumeDataViewType.Instance,
            t => t.SegmentSlices(
                Output, "Volume", TestNetworks.RandomUNet(3), new() { Inference = OneThread, Flips = SliceFlips.Both })),
        new("SegmentSlices-column", "Network", ProbabilityVolumeDataViewType.Instance,
            t => t.SegmentSlices(Output, "Volume", "Network", new() { Inference = OneThread })),
        new("SegmentVolume", "Network", SegmentationDataViewType.Instance, t => t.SegmentVolume(
            Output, "Volume", ["Network", "Network"],
            new() { Weights = [1, 2], Flips = SliceFlips.Horizontal, Inference = OneThread })),
        new("SelectMask", "Found", ClassVolumeDataViewType.Instance, t => t.SelectMask(Output, "Found")),
        new("SelectMask-segmentor", "Found", ClassVolumeDataViewType.Instance, t => t.SelectMask(Output, "Found", 0)),
        new("SelectDisagreement", "Found", VolumeDataViewType.Instance, t => t.SelectDisagreement(Output, "Found")),
        new("LoadNetwork", null, TextDataViewType.Instance, t => t.LoadNetwork(Output, TestNetworks.Threshold())),
        new("LocateHeart-columns", "Network", HeartBoxDataViewType.Instance, t => t.LocateHeart(
            Output, "Volume", ["Network", "Network"],
            new() { Preprocessing = TestNetworks.Preprocessing, SizeMultiple = 4, Inference = OneThread })),
        new("LocateHeart-locator", "Volume", HeartBoxDataViewType.Instance, t => t.LocateHeart(
            Output, "Volume", [TestNetworks.Locator()],
            new()
            {
                Locator = TestNetworks.LocatorSettings, SizeMultiple = 4, NameColumnName = "Name", Inference = OneThread,
            })),
        new("AverageProbabilities", "Q", ProbabilityVolumeDataViewType.Instance,
            t => t.AverageProbabilities(Output, ["P", "Q"], [1, 2])),
        new("ArgMax", "P", ClassVolumeDataViewType.Instance, t => t.ArgMax(Output, "P")),
        new("RestoreGeometry", "P", ClassVolumeDataViewType.Instance, t => t.RestoreGeometry(Output, "P")),
        new("RestoreGeometry-classes", "Volume", ClassVolumeDataViewType.Instance,
            t => t.RestoreGeometry(Output, "Label", fromProbabilities: false)),
        new("VoteClasses", "OtherLabel", ClassVolumeDataViewType.Instance,
            t => t.VoteClasses(Output, ["Label", "OtherLabel"], [1, 2])),
        new("MapDisagreement", "Q", VolumeDataViewType.Instance, t => t.MapDisagreement(Output, ["P", "Q"])),
        new("MeasureAgreement", "OtherLabel", Values,
            t => t.MeasureAgreement(Output, ["Label", "OtherLabel"], TestNetworks.Labels)),
        new("KeepLargestComponents", "OtherLabel", ClassVolumeDataViewType.Instance,
            t => t.KeepLargestComponents(Output, "OtherLabel")),
        new("FillHoles", "OtherLabel", ClassVolumeDataViewType.Instance,
            t => t.FillHoles(Output, "OtherLabel", largestMl: 3)),
        new("MeasureVolumes", "OtherLabel", Values, t => t.MeasureVolumes(Output, "OtherLabel", TestNetworks.Labels)),
        new("SaveVolume", "Volume", TextDataViewType.Instance,
            t => t.SaveVolume(Output, "Volume", new() { Folder = Files["saved"], Extension = ".nii" })),
        new("SaveLabels", "Label", TextDataViewType.Instance,
            t => t.SaveLabels(Output, "Label", new() { Folder = Files["saved"], Extension = ".mha" }, TestNetworks.Labels)),
    ];

    /// <summary>Those that read a column.</summary>
    private static IEnumerable<Contract> Readers => Contracts.Where(contract => contract.Input is not null);

    [OneTimeSetUp]
    public void Write_the_rows_files() => TestRow.WriteFiles(Files.Path);

    [OneTimeTearDown]
    public void Remove_what_was_written() => Files.Dispose();

    [TestCaseSource(nameof(Contracts))]
    public void Adds_its_column_and_leaves_no_others_behind(Contract contract)
    {
        var context = new MLContext();
        var data = Data(context);
        var estimator = contract.Create(context.Transforms);
        var shape = estimator.GetOutputSchema(Shape(context));
        var transformer = estimator.Fit(data);
        string[] expected = [.. data.Schema.Select(column => column.Name), Output];
        foreach (var schema in new[] { transformer.GetOutputSchema(data.Schema), transformer.Transform(data).Schema })
        {
            Assert.That(schema.Where(c => !c.IsHidden).Select(c => c.Name), Is.EquivalentTo(expected));
            Assert.That(schema[Output].Type, Is.EqualTo(contract.OutputType));
        }

        Assert.That(shape.Select(column => column.Name), Is.EquivalentTo(expected));
        var (itemType, kind) = contract.OutputType is VectorDataViewType vector
            ? (vector.ItemType, SchemaShape.Column.VectorKind.Vector)
            : (contract.OutputType, SchemaShape.Column.VectorKind.Scalar);
        var output = shape.Single(column => column.Name == Output);
        Assert.That((output.ItemType, output.Kind), Is.EqualTo((itemType, kind)));
    }

    [TestCaseSource(nameof(Readers))]
    public void Names_a_missing_column(Contract contract)
    {
        var context = new MLContext();
        var without = context.Transforms.DropColumns(contract.Input!).Fit(Data(context)).Transform(Data(context));
        var fitted = contract.Create(context.Transforms).Fit(Data(context));
        foreach (var use in (Action[])
            [
                () => contract.Create(context.Transforms).Fit(without),
                () => fitted.Transform(without),
                () => fitted.GetOutputSchema(without.Schema),
                () => contract.Create(context.Transforms).GetOutputSchema(new SchemaShape([])),
            ])
        {
            Assert.That(use, Throws.TypeOf<UserErrorException>()
                .With.Message.Contains($"{contract.Name.Split('-')[0]} reads the column"));
        }
    }

    [TestCaseSource(nameof(Readers))]
    public void Names_a_column_of_the_wrong_type(Contract contract)
    {
        var context = new MLContext();
        var data = Data(context);
        var fitted = contract.Create(context.Transforms).Fit(data);
        // No step reads a box where another type is meant, nor anything but a box where one is.
        var other = contract.Input == "Box" ? "Volume" : "Box";
        var copy = context.Transforms.CopyColumns(contract.Input!, other);
        var wrong = copy.Fit(data).Transform(data);
        foreach (var use in (Action[])
            [
                () => contract.Create(context.Transforms).Fit(wrong),
                () => fitted.Transform(wrong),
                () => contract.Create(context.Transforms).GetOutputSchema(copy.GetOutputSchema(Shape(context))),
            ])
        {
            Assert.That(
                use,
                Throws.TypeOf<UserErrorException>().With.Message.Contains($"column '{contract.Input}' to be of type"));
        }
    }

    [TestCaseSource(nameof(Contracts))]
    public void Gives_the_same_answer_twice_and_from_two_cursors_at_once(Contract contract)
    {
        var context = new MLContext();
        var transformed = contract.Create(context.Transforms).Fit(Data(context)).Transform(Data(context));
        var first = Digest.Column(transformed, Output);
        Assert.That(first.Distinct().Count(), Is.EqualTo(contract.Input is null ? 1 : 3));
        var others = new string[2][];
        Parallel.For(0, 2, i => others[i] = Digest.Column(transformed, Output));
        Assert.That(others, Is.All.EqualTo(first));
    }

    [TestCaseSource(nameof(Contracts))]
    public void Keeps_its_column_through_cache_and_shuffle(Contract contract)
    {
        var context = new MLContext();
        var transformed = contract.Create(context.Transforms).Fit(Data(context)).Transform(Data(context));
        var expected = Digest.Column(transformed, Output);
        Assert.That(Digest.Column(context.Data.Cache(transformed), Output), Is.EqualTo(expected));
        Assert.That(
            Digest.Column(context.Data.ShuffleRows(context.Data.Cache(transformed), seed: 1), Output),
            Is.EquivalentTo(expected));
    }

    [TestCaseSource(nameof(Contracts))]
    public void Computes_nothing_that_nobody_asks_for(Contract contract)
    {
        var context = new MLContext();
        var asked = 0;
        var counting = context.Transforms.CustomMapping<TestRow, TestRow>(
            (from, to) =>
            {
                asked++;
                (to.Name, to.Volume, to.Label, to.OtherLabel) = (from.Name, from.Volume, from.Label, from.OtherLabel);
                (to.P, to.Q, to.Box, to.Network) = (from.P, from.Q, from.Box, from.Network);
                (to.ImagePath, to.LabelPath, to.Found) = (from.ImagePath, from.LabelPath, from.Found);
            },
            contractName: null!);
        var data = Data(context);
        var transformed = counting.Append(contract.Create(context.Transforms)).Fit(data).Transform(data);
        Assert.That(asked, Is.Zero, "fitting and transforming");
        var schema = transformed.Schema;
        using (var cursor = transformed.GetRowCursor(schema))
        {
            while (cursor.MoveNext())
                cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"]);
        }

        Assert.That(asked, Is.Zero, "a walk that asks for no value");
        Digest.Column(transformed, Output);
        Assert.That(asked, Is.EqualTo(contract.Input is null ? 0 : 3), "a walk that asks for the output");
    }

    [TestCaseSource(nameof(Contracts))]
    public void Own_steps_work_before_and_after(Contract contract)
    {
        var context = new MLContext();
        var data = Data(context);
        var expected = Digest.Column(contract.Create(context.Transforms).Fit(data).Transform(data), Output);
        var pipeline = context.Transforms
            .CustomMapping<Named, Renamed>((from, to) => to.OldName = from.Name, contractName: null!)
            .Append(contract.Create(context.Transforms))
            .Append(context.Transforms.CustomMapping<Renamed, Named>(
                (from, to) => to.Name = $"after {from.OldName}", contractName: null!));
        var transformed = pipeline.Fit(data).Transform(data);
        Assert.That(Digest.Column(transformed, Output), Is.EqualTo(expected));
        Assert.That(Digest.Column(transformed, "Name"), Is.EqualTo(TestRow.Create().Select(row => $"after {row.Name}")));
    }

    [TestCaseSource(nameof(Contracts))]
    public void Works_in_a_prediction_engine(Contract contract)
    {
        var context = new MLContext();
        var model = contract.Create(context.Transforms).Fit(Data(context));
        var expected = Digest.Column(model.Transform(Data(context)), Output);
        Assert.That(TestRow.Create().Select(Predictor(context, model, contract.OutputType)), Is.EqualTo(expected));
    }

    [Test]
    public void Saved_models_give_the_same_in_a_fresh_process()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var expected = new Dictionary<string, string[]>();
        foreach (var contract in Contracts)
        {
            var model = contract.Create(context.Transforms).Fit(Data(context));
            expected[contract.Name] = Digest.Column(model.Transform(Data(context)), Output);
            context.Model.Save(model, null, folder[$"{contract.Name}.zip"]);
        }

        var found = FreshProcess.ScoreRows(Output, Contracts.Select(contract => folder[$"{contract.Name}.zip"]));
        Assert.Multiple(() =>
        {
            foreach (var (name, digests) in expected)
                Assert.That(found[name], Is.EqualTo(digests), name);
        });
    }

    private static IDataView Data(MLContext context) => context.Data.LoadFromEnumerable(TestRow.Create());

    /// <summary>The test row's columns as a schema shape, which cannot be made directly.</summary>
    private static SchemaShape Shape(MLContext context) => context.Transforms
        .CustomMapping<NoInput, TestRow>((_, _) => { }, contractName: null!)
        .GetOutputSchema(new SchemaShape([]));

    private static Func<TestRow, string> Predictor(MLContext context, ITransformer model, DataViewType type)
    {
        return type switch
        {
            VolumeDataViewType => With<VolumePrediction>(prediction => prediction.Out),
            ClassVolumeDataViewType => With<ClassVolumePrediction>(prediction => prediction.Out),
            ProbabilityVolumeDataViewType => With<ProbabilityPrediction>(prediction => prediction.Out),
            SegmentationDataViewType => With<SegmentationPrediction>(prediction => prediction.Out),
            VectorDataViewType => With<VectorPrediction>(prediction => prediction.Out),
            TextDataViewType => With<TextPrediction>(prediction => prediction.Out),
            _ => With<BoxPrediction>(prediction => prediction.Out),
        };

        Func<TestRow, string> With<T>(Func<T, object> output)
            where T : class, new()
        {
            var engine = context.Model.CreatePredictionEngine<TestRow, T>(model);
            return row => Digest.Of(output(engine.Predict(row)));
        }
    }

    public sealed record Contract(
        string Name,
        string? Input,
        DataViewType OutputType,
        Func<TransformsCatalog, IEstimator<ITransformer>> Create)
    {
        public override string ToString() => Name;
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private sealed class Renamed
    {
        public string OldName { get; set; } = "";
    }

    private sealed class VectorPrediction
    {
        [VectorType(2)]
        public float[] Out { get; set; } = [];
    }

    private sealed class TextPrediction
    {
        public string Out { get; set; } = "";
    }

    private sealed class VolumePrediction
    {
        [VolumeType]
        public Volume<float> Out { get; set; } = null!;
    }

    private sealed class ClassVolumePrediction
    {
        [ClassVolumeType]
        public Volume<byte> Out { get; set; } = null!;
    }

    private sealed class ProbabilityPrediction
    {
        [ProbabilityVolumeType]
        public ProbabilityVolume Out { get; set; } = null!;
    }

    private sealed class SegmentationPrediction
    {
        [SegmentationType]
        public Segmentation Out { get; set; } = null!;
    }

    private sealed class BoxPrediction
    {
        [HeartBoxType]
        public HeartBox Out { get; set; } = null!;
    }
}
