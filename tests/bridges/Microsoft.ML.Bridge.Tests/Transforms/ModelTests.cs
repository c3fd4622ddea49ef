using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bridges.Tests.Data;

namespace MkdSeg.Bridges.Tests.Transforms;

public class ModelTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void OptionsOfAnOwnTransformerComeBack()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(3));
        var transformer = new ScalingTransformer(_ml, "7", data.Schema);
        Assert.That(transformer.GetOutputSchema(data.Schema).GetColumnOrNull("__options"), Is.Null);

        var loaded = SaveAndLoad(transformer, data.Schema, out _);

        Assert.That(loaded, Is.InstanceOf<TransformerChain<ITransformer>>());
        Assert.That(loaded.Transform(data).GetColumn<float>("Scaled"), Is.EqualTo(new float[] { 0, 7, 14 }));
        Assert.That(loaded.Transform(data).Schema.GetColumnOrNull("__options"), Is.Null);
    }

    [Test]
    public void AnOwnTransformerWorksInsideAChain()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(2));
        var chain = new ScalingTransformer(_ml, "3", data.Schema)
            .Append(_ml.Transforms.CopyColumns("Copy", "Scaled").Fit(
                new ScalingTransformer(_ml, "3", data.Schema).Transform(data)));
        var loaded = SaveAndLoad(chain, data.Schema, out _);

        Assert.That(loaded.Transform(data).GetColumn<float>("Copy"), Is.EqualTo(new float[] { 0, 3 }));
        using var engine = _ml.Model.CreatePredictionEngine<Case, ScalingOutput>(loaded);
        Assert.That(engine.Predict(new Case { Weight = 5 }).Scaled, Is.EqualTo(15));
    }

    [Test]
    public void TheInputSchemaKeepsItsBuiltInColumns()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        SaveAndLoad(_ml.Transforms.DropColumns("Id").Fit(data), data.Schema, out var schema);

        Assert.That(schema!["Features"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3)));
        Assert.That(schema["Id"].Type, Is.EqualTo(TextDataViewType.Instance));
        Assert.That(schema.GetColumnOrNull("Payload"), Is.Null);
    }

    [Test]
    public void AnInputSchemaOfOwnTypesAloneCannotBeSaved()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        var payload = _ml.Transforms.SelectColumns("Payload").Fit(data).Transform(data);
        using var stream = new MemoryStream();
        Assert.That(
            () => _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Payload").Fit(payload), payload.Schema, stream),
            Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void FurtherEntriesInTheFileAreTolerated()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(2));
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Weight").Fit(data), data.Schema, stream);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var writer = new StreamWriter(archive.CreateEntry("notes.txt").Open());
            writer.Write("trained on phantoms");
        }
        stream.Position = 0;
        Assert.That(new MLContext().Model.Load(stream, out _).Transform(data).GetColumn<float>("Copy"),
            Is.EqualTo(new float[] { 0, 1 }));
    }

    [Test]
    public void ATransformerThatSavesNothingIsRefused()
    {
        using var stream = new MemoryStream();
        Assert.That(() => _ml.Model.Save(new UnsavableTransformer(), null, stream),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("ModelSignature"));
    }

    [Test]
    public void AMappingWithoutAContractNameCannotBeSaved()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new ScalingInput() });
        var transformer = _ml.Transforms.CustomMapping<ScalingInput, ScalingOutput>((_, _) => { }, null).Fit(data);
        using var stream = new MemoryStream();
        Assert.That(
            () => _ml.Model.Save(transformer, data.Schema, stream), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void AFileServesAsWellAsAStream()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.zip");
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        try
        {
            _ml.Model.Save(_ml.Transforms.SelectColumns("Weight", "Id").Fit(data), data.Schema, path);
            var loaded = new MLContext().Model.Load(path, out _);
            Assert.That(loaded.GetOutputSchema(data.Schema).Select(column => column.Name),
                Is.EqualTo(new[] { "Weight", "Id" }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private ITransformer SaveAndLoad(ITransformer transformer, DataViewSchema schema, out DataViewSchema? loadedSchema)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(transformer, schema, stream);
        stream.Position = 0;
        // A context of its own knows no factory yet: it must find the assembly by itself.
        return new MLContext(seed: 2).Model.Load(stream, out loadedSchema);
    }
}
