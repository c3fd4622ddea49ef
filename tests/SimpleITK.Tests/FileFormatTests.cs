using itk.simple;
using Sitk = itk.simple.SimpleITK;

namespace SimpleITK.Tests;

public sealed class FileFormatTests : FolderFixture
{
    private static readonly PixelIDValueEnum[] Scalars =
    [
        PixelIDValueEnum.sitkUInt8, PixelIDValueEnum.sitkInt8, PixelIDValueEnum.sitkUInt16, PixelIDValueEnum.sitkInt16,
        PixelIDValueEnum.sitkUInt32, PixelIDValueEnum.sitkInt32, PixelIDValueEnum.sitkFloat32,
        PixelIDValueEnum.sitkFloat64,
    ];

    [Test]
    public void Volume_survives_the_round_trip(
        [Values("v.nii", "v.nii.gz", "v.nrrd", "v.mha", "v.mhd")] string name,
        [ValueSource(nameof(Scalars))] PixelIDValueEnum type)
    {
        using var written = Images.Counting([3, 4, 5], type, first: 2).WithGeometry(
            [0.75, 1.25, 3], [-12.5, 30.25, -401.125], Images.ObliqueRowMajor);
        Sitk.WriteImage(written, In(name), useCompression: true);
        using var read = Sitk.ReadImage(In(name));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.GetPixelID(), Is.SameAs(type));
            Assert.That(read.GetSize(), Is.EqualTo(new uint[] { 3, 4, 5 }));
            Assert.That(read.GetSpacing(), Is.EqualTo(new[] { 0.75, 1.25, 3 }).Within(1e-6));
            Assert.That(read.GetOrigin(), Is.EqualTo(new[] { -12.5, 30.25, -401.125 }).Within(1e-5));
            Assert.That(read.GetDirection(), Is.EqualTo(Images.ObliqueRowMajor).Within(1e-6));
            Assert.That(read.Values(), Is.EqualTo(Enumerable.Range(2, 60)));
        }
    }

    [TestCase("v.nrrd")]
    [TestCase("v.mha")]
    public void Wide_integers_survive_the_round_trip(string name)
    {
        using var written = Images.Counting([2, 2, 2], PixelIDValueEnum.sitkInt64);
        Sitk.WriteImage(written, In(name));
        using var read = Sitk.ReadImage(In(name));
        Assert.That(read.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkInt64));
        Assert.That(read.Values(), Is.EqualTo(Enumerable.Range(0, 8)));
    }

    [Test]
    public void Compression_makes_a_volume_of_zeros_small()
    {
        using var zeros = new Image(64, 64, 16, PixelIDValueEnum.sitkInt16);
        Sitk.WriteImage(zeros, In("plain.nrrd"), useCompression: false);
        Sitk.WriteImage(zeros, In("small.nrrd"), useCompression: true);
        Assert.That(new FileInfo(In("plain.nrrd")).Length, Is.GreaterThan(64 * 64 * 16 * 2));
        Assert.That(new FileInfo(In("small.nrrd")).Length, Is.LessThan(5000));
    }

    [Test]
    public void Grey_and_colour_png_are_two_dimensional()
    {
        using var grey = Images.Bytes([3, 2], 0, 50, 100, 150, 200, 250);
        Sitk.WriteImage(grey, In("grey.png"));
        using var colour = new Image(new VectorUInt32(new uint[] { 2, 1 }), PixelIDValueEnum.sitkVectorUInt8, 3);
        System.Runtime.InteropServices.Marshal.Copy(
            new byte[] { 255, 0, 0, 10, 20, 30 }, 0, colour.GetBufferAsUInt8(), 6);
        Sitk.WriteImage(colour, In("colour.png"));

        using var readGrey = Sitk.ReadImage(In("grey.png"), PixelIDValueEnum.sitkUnknown, "PNGImageIO");
        using var readColour = Sitk.ReadImage(In("colour.png"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(readGrey.GetDimension(), Is.EqualTo(2));
            Assert.That(readGrey.Values(), Is.EqualTo(new[] { 0, 50, 100, 150, 200, 250 }));
            Assert.That(readColour.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkVectorUInt8));
            Assert.That(readColour.GetPixelIDTypeAsString(), Is.EqualTo("vector of 8-bit unsigned integer"));
            Assert.That(readColour.GetNumberOfComponentsPerPixel(), Is.EqualTo(3));
            Assert.That(readColour.Values(), Is.EqualTo(new[] { 255, 0, 0, 10, 20, 30 }));
        }
    }

    [Test]
    public void Time_series_keeps_its_four_dimensions()
    {
        using var written = Images.Counting([2, 3, 4, 2], PixelIDValueEnum.sitkFloat32);
        Sitk.WriteImage(written, In("t.nii.gz"));
        using var read = Sitk.ReadImage(In("t.nii.gz"));
        Assert.That(read.GetSize(), Is.EqualTo(new uint[] { 2, 3, 4, 2 }));
        Assert.That(read.GetDirection(), Has.Count.EqualTo(16));
        Assert.That(read.Values(), Is.EqualTo(Enumerable.Range(0, 48)));
    }

    [Test]
    public void Reading_can_convert_the_pixel_type()
    {
        using var written = Images.Bytes([2, 1, 2], 0, 7, 9, 255);
        Sitk.WriteImage(written, In("v.nii"));
        using var read = Sitk.ReadImage(In("v.nii"), PixelIDValueEnum.sitkFloat32);
        Assert.That(read.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkFloat32));
        Assert.That(read.Values(), Is.EqualTo(new[] { 0, 7, 9, 255 }));
    }

    [Test]
    public void File_reader_tells_the_header_without_pixels()
    {
        using var written = Images.Counting([3, 4, 5], PixelIDValueEnum.sitkFloat32)
            .WithGeometry([1, 2, 3], [4, 5, 6], Images.ObliqueRowMajor);
        Sitk.WriteImage(written, In("v.nrrd"));
        using var reader = new ImageFileReader();
        reader.SetFileName(In("v.nrrd"));
        reader.ReadImageInformation();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reader.GetDimension(), Is.EqualTo(3));
            Assert.That(reader.GetPixelID(), Is.SameAs(PixelIDValueEnum.sitkFloat32));
            Assert.That(reader.GetNumberOfComponents(), Is.EqualTo(1));
            Assert.That(reader.GetSize(), Is.EqualTo(new uint[] { 3, 4, 5 }));
            Assert.That(reader.GetSpacing(), Is.EqualTo(new double[] { 1, 2, 3 }).Within(1e-12));
            Assert.That(reader.GetOrigin(), Is.EqualTo(new double[] { 4, 5, 6 }));
            Assert.That(reader.GetDirection(), Is.EqualTo(Images.ObliqueRowMajor).Within(1e-12));
        }
    }

    [Test]
    public void Missing_file_is_an_application_exception()
    {
        Assert.That(
            () => Sitk.ReadImage(In("absent.nii.gz")),
            Throws.TypeOf<ApplicationException>().With.Message.StartsWith(
                "Exception thrown in SimpleITK ImageFileReader_Execute: ").And.Message.Contains("absent.nii.gz"));
    }

    [TestCase("noise.nii.gz")]
    [TestCase("noise.nrrd")]
    [TestCase("noise.txt")]
    public void File_of_another_kind_is_an_application_exception(string name)
    {
        File.WriteAllText(In(name), "this is no image");
        Assert.That(() => Sitk.ReadImage(In(name)), Throws.TypeOf<ApplicationException>());
    }

    [Test]
    public void Truncated_nrrd_is_an_application_exception()
    {
        using var written = Images.Counting([16, 16, 16], PixelIDValueEnum.sitkFloat32);
        Sitk.WriteImage(written, In("v.nrrd"));
        var bytes = File.ReadAllBytes(In("v.nrrd"));
        File.WriteAllBytes(In("v.nrrd"), bytes[..(bytes.Length / 2)]);
        Assert.That(() => Sitk.ReadImage(In("v.nrrd")), Throws.TypeOf<ApplicationException>());
    }

    [Test]
    public void Unknown_suffix_or_folder_cannot_be_written()
    {
        using var image = new Image(2, 2, 2, PixelIDValueEnum.sitkUInt8);
        Assert.That(() => Sitk.WriteImage(image, In("v.xyz")), Throws.TypeOf<ApplicationException>());
        Assert.That(() => Sitk.WriteImage(image, In("no/such/v.nrrd")), Throws.TypeOf<ApplicationException>());
    }
}
