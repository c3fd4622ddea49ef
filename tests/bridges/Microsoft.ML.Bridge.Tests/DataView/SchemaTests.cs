using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.DataView;

public class SchemaTests
{
    [Test]
    public void TheLastOfSeveralColumnsOfOneNameHidesTheOthers()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("x", NumberDataViewType.Single);
        builder.AddColumn("y", TextDataViewType.Instance);
        builder.AddColumn("x", NumberDataViewType.Double);
        var schema = builder.ToSchema();

        Assert.That(schema.Select(column => column.IsHidden), Is.EqualTo(new[] { true, false, false }));
        Assert.That(schema["x"].Index, Is.EqualTo(2));
        Assert.That(schema.GetColumnOrNull("z"), Is.Null);
        Assert.That(() => schema["z"], Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void AnnotationsYieldTheirValues()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Spacing", NumberDataViewType.Double, 1.5);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("x", NumberDataViewType.Single, annotations.ToAnnotations());

        var value = 0.0;
        builder.ToSchema()["x"].Annotations.GetValue("Spacing", ref value);
        Assert.That(value, Is.EqualTo(1.5));
    }

    [Test]
    public void VectorTypesAreEqualByItemAndDimensions()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.That(type.Size, Is.EqualTo(6));
        Assert.That(type.RawType, Is.EqualTo(typeof(VBuffer<float>)));
        Assert.That(type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2, 3)));
        Assert.That(type.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)), Is.False);
        Assert.That(type.Equals(new VectorDataViewType(NumberDataViewType.Double, 2, 3)), Is.False);
        Assert.That(new VectorDataViewType(NumberDataViewType.Single).IsKnownSize, Is.False);
    }

    [Test]
    public void APrimitiveTypeMustNotBeDisposable()
    {
        Assert.That(() => new DisposableType(), Throws.InstanceOf<ArgumentException>());
    }

    private sealed class DisposableType : PrimitiveDataViewType
    {
        public DisposableType()
            : base(typeof(MemoryStream))
        {
        }

        public override bool Equals(DataViewType? other) => ReferenceEquals(this, other);
    }
}
