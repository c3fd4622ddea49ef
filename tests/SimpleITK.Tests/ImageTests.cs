using itk.simple;

namespace SimpleITK.Tests;

public sealed class ImageTests
{
    [Test]
    public void New_image_is_zero_with_unit_geometry()
    {
        using var image = new Image(2, 3, 4, PixelIDValueEnum.sitkInt16);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.GetSize(), Is.EqualTo(new uint[] { 2, 3, 4 }));
            Assert.That((image.GetWidth(), image.GetHeight(), image.GetDepth()), Is.EqualTo((2u, 3u, 4u)));
            Assert.That(image.GetNumberOfPixels(), Is.EqualTo(24));
            Assert.That(image.GetPixelIDTypeAsString(), Is.EqualTo("16-bit signed integer"));
            Assert.That(image.GetSpacing(), Is.EqualTo(new double[] { 1, 1, 1 }));
            Assert.That(image.GetOrigin(), Is.EqualTo(new double[] { 0, 0, 0 }));
            Assert.That(image.GetDirection(), Is.EqualTo(new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 }));
            Assert.That(image.Values(), Is.All.Zero);
        }
    }

    [Test]
    public void Buffer_of_another_type_is_refused()
    {
        using var image = new Image(2, 2, PixelIDValueEnum.sitkInt16);
        Assert.That(
            () => image.GetBufferAsFloat(),
            Throws.TypeOf<ApplicationException>().With.Message.Contains("16-bit signed integer"));
    }

    [Test]
    public void Impossible_geometry_is_refused()
    {
        using var image = new Image(2, 2, 2, PixelIDValueEnum.sitkUInt8);
        Assert.That(
            () => image.SetSpacing(new VectorDouble(new double[] { 1, 0, 1 })), Throws.TypeOf<ApplicationException>());
        Assert.That(
            () => image.SetOrigin(new VectorDouble(new double[] { 1, 0 })), Throws.TypeOf<ApplicationException>());
        Assert.That(() => image.SetDirection(new VectorDouble(new double[9])), Throws.TypeOf<ApplicationException>());
    }

    [Test]
    public void Disposed_image_is_refused()
    {
        var image = new Image(2, 2, PixelIDValueEnum.sitkUInt8);
        image.Dispose();
        Assert.That(() => image.GetSize(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Vectors_behave_like_lists()
    {
        var vector = new VectorUInt32(new uint[] { 3, 1, 2 }) { 7 };
        vector.RemoveAt(0);
        vector.Insert(0, 5);
        Assert.That(vector.ToArray(), Is.EqualTo(new uint[] { 5, 1, 2, 7 }));
        Assert.That(vector.IndexOf(2), Is.EqualTo(2));
        Assert.That(new VectorUInt32(vector), Is.EqualTo(vector));
    }
}
