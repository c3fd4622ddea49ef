using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.Transforms;

public class ConcatenateTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(
        new[] { new Pair { A = 1, B = 2 }, new Pair { A = 3, B = float.NaN } });

    [Test]
    public void ScalarsBecomeAVectorWhoseSlotsHaveTheirNames()
    {
        var joined = _ml.Transforms.Concatenate("Both", "A", "B").Fit(Data).Transform(Data);
        var column = joined.Schema["Both"];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        Assert.Multiple(() =>
        {
            Assert.That(joined.GetColumn<float[]>("Both"), Is.EqualTo(new float[][] { [1, 2], [3, float.NaN] }));
            Assert.That(((VectorDataViewType)column.Type).Size, Is.EqualTo(2));
            Assert.That(column.HasSlotNames(), Is.True);
            Assert.That(joined.Schema["A"].HasSlotNames(), Is.False);
            Assert.That(names.DenseValues().Select(name => name.ToString()), Is.EqualTo(new[] { "A", "B" }));
        });
    }

    [Test]
    public void ItIsSavedWithItsNames()
    {
        using var memory = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Concatenate("Both", "B", "A").Fit(Data), Data.Schema, memory);
        memory.Position = 0;
        var loaded = _ml.Model.Load(memory, out _).Transform(Data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        loaded.Schema["Both"].GetSlotNames(ref names);
        Assert.That(loaded.GetColumn<float[]>("Both").First(), Is.EqualTo(new float[] { 2, 1 }));
        Assert.That(names.DenseValues().Select(name => name.ToString()), Is.EqualTo(new[] { "B", "A" }));
    }

    [Test]
    public void AMissingInputIsNamed() => Assert.That(
        () => _ml.Transforms.Concatenate("Both", "A", "Nowhere").Fit(Data),
        Throws.Exception.With.Message.Contains("Nowhere"));

    private sealed class Pair
    {
        public float A { get; set; }

        public float B { get; set; }
    }
}
