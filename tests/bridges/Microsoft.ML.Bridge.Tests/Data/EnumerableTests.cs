using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.Data;

public class EnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Test]
    public void RowsComeBackAsTheyWentIn()
    {
        var cases = Case.Some(3);
        var back = _ml.Data.CreateEnumerable<Case>(_ml.Data.LoadFromEnumerable(cases), reuseRowObject: false).ToArray();

        Assert.That(back.Select(row => row.Id), Is.EqualTo(cases.Select(row => row.Id)));
        Assert.That(back.Select(row => row.Features), Is.EqualTo(cases.Select(row => row.Features)));
        Assert.That(back.Select(row => row.Tags), Is.EqualTo(cases.Select(row => row.Tags)));
        Assert.That(back.Select(row => row.Count), Is.EqualTo(cases.Select(row => row.Count)));
        Assert.That(back[1].Payload, Is.SameAs(cases[1].Payload));
        Assert.That(back[0].Features, Is.Not.SameAs(cases[0].Features));
    }

    [Test]
    public void TheSchemaFollowsTheMembers()
    {
        var schema = _ml.Data.LoadFromEnumerable(Case.Some(1)).Schema;

        Assert.That(schema.Select(column => column.Name),
            Is.EquivalentTo(new[] { "Id", "Weight", "Features", "Tags", "Payload", "Renamed" }));
        Assert.That(schema["Id"].Type, Is.EqualTo(TextDataViewType.Instance));
        Assert.That(schema["Features"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3)));
        Assert.That(((VectorDataViewType)schema["Tags"].Type).IsKnownSize, Is.False);
        Assert.That(schema["Payload"].Type, Is.SameAs(PayloadDataViewType.Instance));
    }

    [Test]
    public void ASizeKnownAtRunTimeComesFromTheDefinition()
    {
        var definition = SchemaDefinition.Create(typeof(Case));
        definition["Tags"].ColumnType = new VectorDataViewType(TextDataViewType.Instance, 2);
        definition["Weight"].ColumnName = "Mass";
        var schema = _ml.Data.LoadFromEnumerable(Case.Some(1), definition).Schema;

        Assert.That(((VectorDataViewType)schema["Tags"].Type).Size, Is.EqualTo(2));
        Assert.That(schema.GetColumnOrNull("Mass"), Is.Not.Null);
        Assert.That(schema.GetColumnOrNull("Weight"), Is.Null);
    }

    [Test]
    public void MissingAndUnfitColumnsAreNamed()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new { Id = 1 } });
        Assert.That(() => _ml.Data.CreateEnumerable<OnlyWeight>(data, false).ToArray(),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("Weight"));
        Assert.That(
            _ml.Data.CreateEnumerable<OnlyWeight>(data, false, ignoreMissingColumns: true).Single().Weight, Is.Zero);
        Assert.That(() => _ml.Data.CreateEnumerable<TextId>(data, false).ToArray(),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("Id"));
    }

    [Test]
    public void MembersOfUnknownTypesAreRefused()
    {
        Assert.That(() => _ml.Data.LoadFromEnumerable(new[] { new { List = new List<int>() } }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("List"));
    }

    [Test]
    public void GetColumnConvertsTextAndVectors()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(2));
        Assert.That(data.GetColumn<string>("Id"), Is.EqualTo(new[] { "case0", "case1" }));
        Assert.That(data.GetColumn<float>(data.Schema["Weight"]), Is.EqualTo(new float[] { 0, 1 }));
        Assert.That(data.GetColumn<float[]>("Features").Last(), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(() => data.GetColumn<int>("Weight").ToArray(), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void RowsCanBeSkippedAndTaken()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(5));
        Assert.That(_ml.Data.TakeRows(_ml.Data.SkipRows(data, 1), 2).GetColumn<string>("Id"),
            Is.EqualTo(new[] { "case1", "case2" }));
    }

    [Test]
    public void OnlyNeededColumnsAreActive()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        using var cursor = data.GetRowCursor([data.Schema["Id"]]);
        Assert.That(cursor.IsColumnActive(data.Schema["Id"]), Is.True);
        Assert.That(cursor.IsColumnActive(data.Schema["Weight"]), Is.False);
        Assert.That(() => cursor.GetGetter<float>(data.Schema["Weight"]), Throws.Exception);
        Assert.That(() => cursor.GetGetter<float>(data.Schema["Id"]), Throws.InstanceOf<InvalidOperationException>());
    }

    private sealed class OnlyWeight
    {
        public float Weight { get; set; }
    }

    private sealed class TextId
    {
        public string Id { get; set; } = "";
    }
}
