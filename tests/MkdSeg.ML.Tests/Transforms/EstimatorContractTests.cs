using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.ML.Transforms;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Transforms;

/// <summary>What every estimator promises, whatever it does.</summary>
public class EstimatorContractTests
{
    private const string Output = "Out";
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1, BatchSize = 3 };

    private static readonly TemporaryFolder Files = new();

    private static readonly DataViewType Values = new VectorDataViewType(NumberDataViewType.Single, 2);

    private static readonly Contract[] Contracts =
    [
        new("LoadVolume", "ImagePath", VolumeColumnTypes.Volume, t => t.LoadVolume(Output, "ImagePath")),
        new("LoadLabels", "LabelPath", VolumeColumnTypes.LabelMap,
            t => t.LoadLabels(Output, "LabelPath", TestNetworks.Labels)),
        new("PrepareVolume", "Volume", VolumeColumnTypes.Volume, t => t.PrepareVolume(
            Output, "Volume", new() { Preprocessing = TestNetworks.Preprocessing with { Crop = CropRule.Centre } })),
        new("PrepareVolume-box", "Box", VolumeColumnTypes.Volume, t => t.PrepareVolume(
            Output, "Volume", new() { Preprocessing = TestNetworks.Preprocessing, BoxColumnName = "Box" })),
        new("LocateHeart", "Volume", VolumeColumnTypes.HeartBox, t => t.LocateHeart(
            Output, "Volume", Bundle, new() { Inference = OneThread })),
        new("LocateHeart-named", "Name", VolumeColumnTypes.HeartBox, t => t.LocateHeart(
            Output, "Volume", Bundle, new() { NameColumnName = "Name", Inference = OneThread })),
        new("SegmentSlices", "Volume", VolumeColumnTypes.Probabilities,
            t => t.SegmentSlices(
                Output, "Volume", TestNetworks.RandomUNet(3), new() { Inference = OneThread, Flips = SliceFlips.Both })),
        new("AverageProbabilities", "Q", VolumeColumnTypes.Probabilities,
            t => t.AverageProbabilities(Output, ["P", "Q", "P"], [1, 2, 3])),
        new("RestoreGeometry", "P", VolumeColumnTypes.LabelMap, t => t.RestoreGeometry(Output, "P")),
        new("MeasureAgreement", "OtherLabel", Values,
            t => t.MeasureAgreement(Output, ["Label", "OtherLabel"], TestNetworks.Labels)),
        new("KeepLargestComponents", "OtherLabel", VolumeColumnTypes.LabelMap,
            t => t.KeepLargestComponents(Output, "OtherLabel")),
        new("FillHoles", "OtherLabel", VolumeColumnTypes.LabelMap,
            t => t.FillHoles(Output, "OtherLabel", largestMl: 3)),
        new("MeasureVolumes", "OtherLabel", Values, t => t.MeasureVolumes(Output, "OtherLabel", TestNetworks.Labels)),
        new("SaveLabels", "Label", TextDataViewType.Instance,
            t => t.SaveLabels(Output, "Label", new() { Folder = Files["saved"], Extension = ".mha" }, TestNetworks.Labels)),
    ];

    private static ModelBundle Bundle => field ??= TestNetworks.WriteBundleWithLocator(Files["bundle"]);

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

    [TestCaseSource(nameof(Contracts))]
    public void Names_a_missing_column(Contract contract)
    {
        var context = new MLContext();
        var without = context.Transforms.DropColumns(contract.Input).Fit(Data(context)).Transform(Data(context));
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

    [TestCaseSource(nameof(Contracts))]
    public void Names_a_column_of_the_wrong_type(Contract contract)
    {
        var context = new MLContext();
        var data = Data(context);
        var fitted = contract.Create(context.Transforms).Fit(data);
        // No step reads a box where another type is meant, nor anything but a box where one is.
        var other = contract.Input == "Box" ? "Volume" : "Box";
        var copy = context.Transforms.CopyColumns(contract.Input, other);
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
        Assert.That(first.Distinct().Count(), Is.EqualTo(3));
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
        var rows = TestRow.Create();
        var data = context.Data.LoadFromEnumerable(rows);
        var transformed = contract.Create(context.Transforms).Fit(data).Transform(data);
        Assert.That(rows.Sum(row => row.Reads), Is.Zero, "fitting and transforming");
        using (var cursor = transformed.GetRowCursor(transformed.Schema))
        {
            while (cursor.MoveNext())
                _ = cursor.GetGetter<ReadOnlyMemory<char>>(transformed.Schema["Name"]);
        }

        Assert.That(rows.Sum(row => row.Reads), Is.Zero, "a walk that asks for no value, with all columns active");
        using (var cursor = transformed.GetRowCursor([transformed.Schema[Output]]))
        {
            cursor.MoveNext();
            Read(cursor);
            Assert.That(rows[0].Reads, Is.Positive, "the row that was asked for");
            Assert.That(rows[1].Reads + rows[2].Reads, Is.Zero, "no row is computed ahead");
        }

        void Read(DataViewRow row) => Digest.Reader(row, transformed.Schema[Output])();
    }

    /// <summary>What ML.NET's own transformers do instead; docs/mlnet.md says what that means for saved pipelines.</summary>
    [Test]
    public void Stock_views_compute_active_columns_ahead_and_inactive_ones_never()
    {
        var context = new MLContext();
        using var folder = new TemporaryFolder();
        var rows = TestRow.Create();
        var data = context.Data.LoadFromEnumerable(rows);
        context.Model.Save(
            context.Transforms.KeepLargestComponents(Output, "OtherLabel").Fit(data), null, folder["model.zip"]);
        var loaded = context.Model.Load(folder["model.zip"], out _).Transform(data);
        using (var cursor = loaded.GetRowCursor([loaded.Schema["Name"]]))
        {
            while (cursor.MoveNext())
            {
            }
        }

        Assert.That(rows.Sum(row => row.Reads), Is.Zero, "a walk in which the column is not active");
        using (var cursor = loaded.GetRowCursor([loaded.Schema[Output]]))
        {
            while (cursor.MoveNext())
            {
            }
        }

        Assert.That(rows.Select(row => row.Reads), Is.All.Positive, "a walk in which it is, though nobody reads it");
    }

    [Test]
    public void Threads_that_share_a_prediction_engine_are_told_so()
    {
        var context = new MLContext();
        var model = context.Transforms
            .SegmentSlices(Output, "Volume", TestNetworks.RandomUNet(3), new() { Inference = OneThread })
            .Fit(context.Data.LoadFromEnumerable(Array.Empty<Patient>()));
        // Patients that differ, and what an engine of its own finds in each.
        Volume<float>[] patients =
            [.. Enumerable.Range(0, 4).Select(i => TestVolumes.Noise(TestVolumes.Grid(new(64, 64, 24)), i))];
        string[] alone = [.. patients.Select(patient => Digest.Of(Predict(NewEngine(), patient)))];
        var engine = NewEngine();
        var (wrong, refused) = (0, 0);
        Parallel.For(0, 40, new() { MaxDegreeOfParallelism = 4 }, i =>
        {
            try
            {
                if (Digest.Of(Predict(engine, patients[i % 4])) != alone[i % 4])
                    Interlocked.Increment(ref wrong);
            }
            catch (Exception error) when (error.GetBaseException().Message.Contains("Several threads use one PredictionEngine"))
            {
                Interlocked.Increment(ref refused);
            }
        });
        TestContext.Out.WriteLine($"{refused} of 40 refused, {wrong} of another patient");
        Assert.That((wrong, refused > 0), Is.EqualTo((0, true)));
        // The engine is as good as before.
        Assert.That(Digest.Of(Predict(engine, patients[1])), Is.EqualTo(alone[1]));

        PredictionEngine<Patient, ProbabilityPrediction> NewEngine() =>
            context.Model.CreatePredictionEngine<Patient, ProbabilityPrediction>(model);

        static ProbabilityVolume Predict(
            PredictionEngine<Patient, ProbabilityPrediction> engine, Volume<float> volume) =>
            engine.Predict(new() { Volume = volume }).Out;
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
            ObjectDataViewType<Volume<float>> => With<VolumePrediction>(prediction => prediction.Out),
            ObjectDataViewType<Volume<byte>> => With<LabelMapPrediction>(prediction => prediction.Out),
            ObjectDataViewType<ProbabilityVolume> => With<ProbabilityPrediction>(prediction => prediction.Out),
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
        string Input,
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
        public Volume<float> Out { get; set; } = null!;
    }

    private sealed class LabelMapPrediction
    {
        public Volume<byte> Out { get; set; } = null!;
    }

    private sealed class ProbabilityPrediction
    {
        public ProbabilityVolume Out { get; set; } = null!;
    }

    private sealed class BoxPrediction
    {
        public HeartBox Out { get; set; } = null!;
    }

    private sealed class Patient
    {
        public Volume<float> Volume { get; set; } = null!;
    }
}
