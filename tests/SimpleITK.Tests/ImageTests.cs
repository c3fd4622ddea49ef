using itk.simple;

namespace SimpleITK.Tests;

public sealed class ImageTests : FolderFixture
{
    [SetUp]
    public void WriteGreyPng() =>
        File.WriteAllBytes(In("grey.png"), Png.Bytes(3, 2, 8, colourType: 0, [0, 1, 2, 3, 4, 5]));

    [Test]
    public void Buffer_of_another_type_is_refused()
    {
        using var image = Read("grey.png");
        Assert.That(
            () => image.GetConstBufferAsFloat(),
            Throws.TypeOf<ApplicationException>().With.Message.Contains("The image is of type: sitkUInt8"));
    }

    [Test]
    public void Disposed_image_is_refused()
    {
        var image = Read("grey.png");
        image.Dispose();
        Assert.That(() => image.GetSize(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => image.GetConstBufferAsUInt8(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Values_of_the_enumeration_are_singletons()
    {
        Assert.That(PixelIDValueEnum.swigToEnum(3), Is.SameAs(PixelIDValueEnum.sitkInt16));
        Assert.That(PixelIDValueEnum.sitkVectorInt16.ToString(), Is.EqualTo("sitkVectorInt16"));
        Assert.That(() => PixelIDValueEnum.swigToEnum(99), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Vectors_behave_like_lists()
    {
        var vector = new VectorUInt32([3, 1, 2]) { 7 };
        vector.RemoveAt(0);
        vector.Insert(0, 5);
        Assert.That(vector.ToArray(), Is.EqualTo(new uint[] { 5, 1, 2, 7 }));
        Assert.That(vector.IndexOf(2), Is.EqualTo(2));
        Assert.That(new VectorUInt32(vector), Is.EqualTo(vector));
    }
}
