using itk.simple;

namespace SimpleITK.Tests;

public sealed class FileFormatTests : FolderFixture
{
    [TestCase("")]
    [TestCase("PNGImageIO")]
    public void Grey_png_is_two_dimensional(string format)
    {
        File.WriteAllBytes(In("grey.png"), Png.Bytes(3, 2, 8, colourType: 0, [0, 50, 100, 150, 200, 250]));
        using var image = Read("grey.png", format);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.GetDimension(), Is.EqualTo(2));
            Assert.That((image.GetWidth(), image.GetHeight()), Is.EqualTo((3u, 2u)));
            Assert.That(image.GetNumberOfPixels(), Is.EqualTo(6));
            Assert.That(image.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkUInt8));
            Assert.That(image.Values(), Is.EqualTo(new[] { 0, 50, 100, 150, 200, 250 }));
        }
    }

    [Test]
    public void Colour_png_has_three_components()
    {
        File.WriteAllBytes(In("colour.png"), Png.Bytes(2, 1, 8, colourType: 2, [255, 0, 0, 10, 20, 30]));
        using var image = Read("colour.png");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkVectorUInt8));
            Assert.That(image.GetNumberOfComponentsPerPixel(), Is.EqualTo(3));
            Assert.That(image.Values(), Is.EqualTo(new[] { 255, 0, 0, 10, 20, 30 }));
        }
    }

    [Test]
    public void Wide_png_keeps_its_sixteen_bits()
    {
        File.WriteAllBytes(In("wide.png"), Png.Bytes(2, 1, 16, colourType: 0, [0x12, 0x34, 0xff, 0xfe]));
        using var image = Read("wide.png", "PNGImageIO");
        Assert.That(image.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkUInt16));
        Assert.That(image.Values(), Is.EqualTo(new[] { 0x1234, 0xfffe }));
    }

    [Test]
    public void Missing_file_is_an_application_exception()
    {
        Assert.That(
            () => Read("absent.nii.gz"),
            Throws.TypeOf<ApplicationException>().With.Message.StartsWith(
                "Exception thrown in SimpleITK ImageFileReader_Execute: ").And.Message.Contains("absent.nii.gz"));
    }

    [TestCase("noise.nii.gz", "")]
    [TestCase("noise.png", "PNGImageIO")]
    [TestCase("noise.dcm", "GDCMImageIO")]
    [TestCase("noise.txt", "")]
    public void File_of_another_kind_is_an_application_exception(string name, string format)
    {
        File.WriteAllText(In(name), "this is no image");
        Assert.That(() => Read(name, format), Throws.TypeOf<ApplicationException>());
    }

    [Test]
    public void Unknown_format_is_an_application_exception()
    {
        Assert.That(
            () => Read("absent.png", "NoSuchIO"),
            Throws.TypeOf<ApplicationException>().With.Message.Contains("Unable to create ImageIO: \"NoSuchIO\""));
    }

    [Test]
    public void Truncated_png_is_an_application_exception()
    {
        var bytes = Png.Bytes(16, 16, 8, colourType: 0, [.. Enumerable.Range(0, 256).Select(i => (byte)(i * i))]);
        File.WriteAllBytes(In("cut.png"), bytes[..(bytes.Length / 2)]);
        Assert.That(() => Read("cut.png", "PNGImageIO"), Throws.TypeOf<ApplicationException>());
    }
}
