using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.DataView;

public class VBufferTests
{
    [Test]
    public void ASparseBufferFillsTheGapsWithDefaults()
    {
        var sparse = new VBuffer<float>(5, 2, [7, 9], [1, 4]);

        Assert.That(sparse.IsDense, Is.False);
        Assert.That(sparse.GetValues().ToArray(), Is.EqualTo(new float[] { 7, 9 }));
        Assert.That(sparse.GetIndices().ToArray(), Is.EqualTo(new[] { 1, 4 }));
        Assert.That(sparse.DenseValues(), Is.EqualTo(new float[] { 0, 7, 0, 0, 9 }));
        Assert.That(sparse.Items().Select(item => item.Key), Is.EqualTo(new[] { 1, 4 }));
        Assert.That(sparse.GetItemOrDefault(4), Is.EqualTo(9));
        Assert.That(sparse.GetItemOrDefault(3), Is.Zero);

        var array = new float[] { 1, 1, 1, 1, 1, 1 };
        sparse.CopyTo(array, 1, -1);
        Assert.That(array, Is.EqualTo(new float[] { 1, -1, 7, -1, -1, 9 }));
    }

    [Test]
    public void CopiesDoNotShareMemory()
    {
        var values = new float[] { 1, 2, 3 };
        var source = new VBuffer<float>(3, values);
        var copy = default(VBuffer<float>);
        source.CopyTo(ref copy);
        values[0] = 99;
        Assert.That(copy.DenseValues(), Is.EqualTo(new float[] { 1, 2, 3 }));
    }

    [Test]
    public void AnEditorReusesMemoryThatSuffices()
    {
        var buffer = new VBuffer<float>(4, [1, 2, 3, 4]);
        var editor = VBufferEditor.Create(ref buffer, 3);
        editor.Values[0] = 5;
        buffer = editor.Commit();

        Assert.That(editor.CreatedNewValues, Is.False);
        Assert.That(buffer.DenseValues(), Is.EqualTo(new float[] { 5, 2, 3 }));

        editor = VBufferEditor.Create(ref buffer, 8);
        Assert.That(editor.CreatedNewValues, Is.True);
        Assert.That(editor.Values.Length, Is.EqualTo(8));
    }
}
