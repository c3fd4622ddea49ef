using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using MkdSeg.Bridges.Tests.Data;

namespace MkdSeg.Bridges.Tests.Transforms;

public class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void AChainFitsAndTransformsStepByStep()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(2));
        var chain = _ml.Transforms.CopyColumns("A", "Weight")
            .Append(_ml.Transforms.CopyColumns("B", "A"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.DropColumns("A", "Weight"));
        TransformerChain<ColumnSelectingTransformer> model = chain.Fit(data);

        Assert.That(model, Has.Exactly(3).Items);
        Assert.That(model.LastTransformer, Is.SameAs(model.Last()));
        Assert.That(model.Transform(data).GetColumn<float>("B"), Is.EqualTo(new float[] { 0, 1 }));
        Assert.That(model.GetOutputSchema(data.Schema).GetColumnOrNull("A"), Is.Null);
        Assert.That(((ITransformer)model).IsRowToRowMapper, Is.True);
    }

    [Test]
    public void AnEstimatorOfTheUserTakesPart()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(3));
        var fitted = 0;
        var chain = _ml.Transforms.CopyColumns("A", "Weight")
            .Append(new PassingEstimator().WithOnFitDelegate(_ => fitted++));
        Assert.That(chain.Fit(data).Transform(data).GetColumn<float>("A"), Has.Exactly(3).Items);
        Assert.That(fitted, Is.EqualTo(1));
    }

    [Test]
    public void ASchemaThatDoesNotFitIsReportedBeforeAnythingIsFitted()
    {
        var fitted = 0;
        var chain = new PassingEstimator().WithOnFitDelegate(_ => fitted++)
            .Append(_ml.Transforms.CopyColumns("A", "Nowhere"));
        Assert.That(() => chain.Fit(_ml.Data.LoadFromEnumerable(Case.Some(1))),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Nowhere"));
        Assert.That(fitted, Is.Zero);
    }

    [Test]
    public void APredictionEngineMapsOneExampleAfterAnother()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        var calls = 0;
        var model = _ml.Transforms.CustomMapping<Features, Sum>(
                (source, target) =>
                {
                    calls++;
                    target.Total = source.Values.Sum();
                },
                null)
            .Append(_ml.Transforms.CopyColumns("Copy", "Total"))
            .Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<Case, Copied>(model);

        Assert.That(engine.Predict(new Case { Features = [1, 2, 3] }).Copy, Is.EqualTo(6));
        Assert.That(engine.Predict(new Case { Features = [4, 5, 6] }).Copy, Is.EqualTo(15));
        Assert.That(calls, Is.EqualTo(2));
        Assert.That(engine.OutputSchema.GetColumnOrNull("Copy"), Is.Not.Null);
    }

    [Test]
    public void ARunTimeSizeReachesTheEngineThroughTheSchema()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Sized { Numbers = [1, 2] } });
        var definition = SchemaDefinition.Create(typeof(Sized));
        definition["Numbers"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var schema = _ml.Data.LoadFromEnumerable(Array.Empty<Sized>(), definition).Schema;
        var model = _ml.Transforms.CopyColumns("Copy", "Numbers").Fit(data);

        using var engine = _ml.Model.CreatePredictionEngine<Sized, Sized>(model, schema);
        Assert.That(((VectorDataViewType)engine.OutputSchema["Copy"].Type).Size, Is.EqualTo(2));
        Assert.That(() => _ml.Model.CreatePredictionEngine<Named, Named>(model, schema),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("Numbers"));
    }

    [Test]
    public void WhatAnEngineDoesNotReadIsNotComputed()
    {
        var calls = 0;
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        var model = _ml.Transforms.CustomMapping<Features, Sum>((_, _) => calls++, null).Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<Case, Named>(model);
        Assert.That(engine.Predict(new Case { Id = "seven" }).Id, Is.EqualTo("seven"));
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void ChannelsReachTheLog()
    {
        var messages = new List<LoggingEventArgs>();
        _ml.Log += (_, message) => messages.Add(message);
        using (var channel = ((IHostEnvironment)_ml).Register("Reader").Start("Reading"))
            channel.Warning(MessageSensitivity.None, "{0} slices", 3);

        var warning = messages.Single(message => message.Kind == ChannelMessageKind.Warning);
        Assert.That(warning.RawMessage, Is.EqualTo("3 slices"));
        Assert.That(warning.Source, Does.Contain("Reader").And.Contain("Reading"));
    }

    [Test]
    public void ASeedDecidesTheGeneratorsOfTheHosts()
    {
        static int First(int seed) => ((IHostEnvironment)new MLContext(seed)).Register("a").Rand.Next();
        var (first, again, other) = (First(1), First(1), First(2));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    private sealed class PassingEstimator : IEstimator<UnsavableTransformer>
    {
        public UnsavableTransformer Fit(IDataView input) => new();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }

    private sealed class Features
    {
        [ColumnName("Features")]
        [VectorType(3)]
        public float[] Values { get; set; } = [];
    }

    private sealed class Sum
    {
        public float Total { get; set; }
    }

    private sealed class Copied
    {
        public float Copy { get; set; }
    }

    private sealed class Sized
    {
        public float[] Numbers { get; set; } = [];
    }

    private sealed class Named
    {
        public string Id { get; set; } = "";
    }
}
