using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bridges.Tests.Data;

namespace MkdSeg.Bridges.Tests.Transforms;

public class CustomMappingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void NobodyAsksNothingIsComputed()
    {
        var calls = 0;
        var data = Mapped(() => calls++);

        Assert.That(data.GetColumn<string>("Id"), Has.Exactly(3).Items);
        Assert.That(calls, Is.Zero);
        Assert.That(data.GetColumn<float>("Doubled"), Is.EqualTo(new float[] { 0, 2, 4 }));
        Assert.That(calls, Is.EqualTo(3));
    }

    [Test]
    public void SeveralColumnsOfARowCostOneCall()
    {
        var calls = 0;
        var rows = _ml.Data.CreateEnumerable<Output>(Mapped(() => calls++), reuseRowObject: false).ToArray();
        Assert.That(rows.Select(row => row.Payload!.Size), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(calls, Is.EqualTo(3));
    }

    [Test]
    public void OneSourceAndOneDestinationServeAWholeWalk()
    {
        var sources = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var mapping = _ml.Transforms.CustomMapping<Input, Output>((source, _) => sources.Add(source), null);
        var data = _ml.Data.LoadFromEnumerable(Case.Some(3));
        Assert.That(mapping.Fit(data).Transform(data).GetColumn<float>("Doubled"), Has.Exactly(3).Items);
        Assert.That(sources, Has.Count.EqualTo(1));
    }

    [Test]
    public void AnExceptionOfTheMappingReachesTheCaller()
    {
        var data = Mapped(() => throw new ArithmeticException("bad voxel"));
        Assert.That(() => data.GetColumn<float>("Doubled").ToArray(), Throws.Exception.With.Matches<Exception>(
            exception => exception.ToString().Contains("bad voxel", StringComparison.Ordinal)));
    }

    [Test]
    public void AMissingInputIsReportedByFit()
    {
        var mapping = _ml.Transforms.CustomMapping<Input, Output>((_, _) => { }, null);
        var data = _ml.Data.LoadFromEnumerable(new[] { new { Id = "a" } });
        Assert.That(() => mapping.Fit(data), Throws.Exception.With.Message.Contains("Weight"));
        Assert.That(() => mapping.Append(_ml.Transforms.DropColumns("Weight")).Fit(data),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Weight"));
    }

    [Test]
    public void AnOutputOfAnExistingNameHidesTheOldColumn()
    {
        var mapping = _ml.Transforms.CustomMapping<Input, NewWeight>(
            (source, target) => target.Weight = source.Weight + 100, null);
        var data = _ml.Data.LoadFromEnumerable(Case.Some(2));
        var mapped = mapping.Fit(data).Transform(data);

        var columns = mapped.Schema.Where(column => column.Name == "Weight").ToArray();
        Assert.That(columns.Select(column => column.IsHidden), Is.EqualTo(new[] { true, false }));
        Assert.That(columns[1].Index, Is.EqualTo(columns[0].Index + 1));
        Assert.That(mapped.GetColumn<float>("Weight"), Is.EqualTo(new float[] { 100, 101 }));
        Assert.That(mapped.GetColumn<float>(columns[0]), Is.EqualTo(new float[] { 0, 1 }));
    }

    private IDataView Mapped(Action onCall)
    {
        var mapping = _ml.Transforms.CustomMapping<Input, Output>(
            (source, target) =>
            {
                onCall();
                target.Doubled = 2 * source.Weight;
                target.Payload = new Payload(source.Payload!.Size + 1);
            },
            null);
        var data = _ml.Data.LoadFromEnumerable(Case.Some(3));
        return mapping.Fit(data).Transform(data);
    }

    private sealed class Input
    {
        public float Weight { get; set; }

        [PayloadType]
        public Payload? Payload { get; set; }
    }

    private sealed class Output
    {
        public float Doubled { get; set; }

        [PayloadType]
        public Payload? Payload { get; set; }
    }

    private sealed class NewWeight
    {
        public float Weight { get; set; }
    }
}
