using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.Data;

public class CacheAndShuffleTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void ACacheReadsItsSourceOnce()
    {
        var calls = 0;
        var mapped = _ml.Transforms.CustomMapping<Id, Length>(
            (source, target) =>
            {
                calls++;
                target.Value = source.Text.Length;
            },
            null).Fit(Data(3)).Transform(Data(3));
        var cached = _ml.Data.Cache(mapped);

        Assert.That(calls, Is.Zero);
        for (var walk = 0; walk < 2; walk++)
            Assert.That(cached.GetColumn<int>("Value"), Is.EqualTo(new[] { 5, 5, 5 }));
        Assert.That(calls, Is.EqualTo(3));
        Assert.That(cached.GetRowCount(), Is.EqualTo(3));
    }

    [Test]
    public void APrimitiveTypeOfTheUserSurvives()
    {
        var data = Data(20);
        Assert.That(_ml.Data.Cache(data).GetColumn<Payload>("Payload").Select(payload => payload.Size),
            Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That(_ml.Data.ShuffleRows(data, seed: 3).GetColumn<Payload>("Payload").Select(payload => payload.Size),
            Is.EquivalentTo(Enumerable.Range(0, 20)));
    }

    [Test]
    public void AStructuredTypeOfTheUserIsDroppedSilently()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new CaseWithPicture { Id = "a" } });
        Assert.That(data.Schema.Count, Is.EqualTo(2));
        Assert.That(_ml.Data.Cache(data).Schema.Single().Name, Is.EqualTo("Id"));
        Assert.That(_ml.Data.ShuffleRows(data).Schema.Single().Name, Is.EqualTo("Id"));
    }

    [TestCase(1000)]
    [TestCase(3)]
    [TestCase(1)]
    public void ShufflingKeepsRowsTogetherAndLosesNone(int pool)
    {
        var shuffled = _ml.Data.ShuffleRows(Data(50), seed: 5, shufflePoolSize: pool);
        var rows = _ml.Data.CreateEnumerable<Case>(shuffled, reuseRowObject: false).ToArray();

        Assert.That(rows.Select(row => row.Count), Is.EquivalentTo(Enumerable.Range(0, 50).Select(i => 10 * i)));
        Assert.That(rows.Select(row => row.Count), Is.Not.Ordered);
        foreach (var row in rows)
        {
            Assert.That(row.Features[0] * 10, Is.EqualTo(row.Count));
            Assert.That(row.Payload!.Size * 10, Is.EqualTo(row.Count));
        }
    }

    [Test]
    public void OneSeedGivesOneOrder()
    {
        string[] Order(int seed) => _ml.Data.ShuffleRows(Data(30), seed).GetColumn<string>("Id").ToArray();
        var (first, again, other) = (Order(4), Order(4), Order(5));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));

        var view = _ml.Data.ShuffleRows(Data(30));
        var (walk, secondWalk) = (view.GetColumn<string>("Id").ToArray(), view.GetColumn<string>("Id").ToArray());
        Assert.That(secondWalk, Is.EqualTo(walk));
    }

    private IDataView Data(int count) => _ml.Data.LoadFromEnumerable(Case.Some(count));

    private sealed class Id
    {
        [ColumnName("Id")]
        public string Text { get; set; } = "";
    }

    private sealed class Length
    {
        public int Value { get; set; }
    }
}
