using itk.simple;

namespace SimpleITK.Bridge.Tests;

/// <summary>One CT series, JPEG 2000 lossless, where the machine has it.</summary>
public sealed class DicomTests
{
    private string folder = "";

    [OneTimeSetUp]
    public void FindSeries()
    {
        for (var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); at != null; at = at.Parent)
        {
            folder = Path.Combine(at.FullName, "shared", "data", "totalsegmentator", "dicom");
            if (Directory.Exists(folder))
                return;
        }

        Assert.Ignore("shared/data/totalsegmentator/dicom was not found in any folder above.");
    }

    [Test]
    public void Series_is_found_and_read_in_order()
    {
        var ids = ImageSeriesReader.GetGDCMSeriesIDs(folder);
        Assert.That(ids, Has.Count.EqualTo(1));
        using var reader = new ImageSeriesReader();
        reader.SetFileNames(ImageSeriesReader.GetGDCMSeriesFileNames(folder, ids[0]));
        reader.MetaDataDictionaryArrayUpdateOn();
        using var image = reader.Execute();
        var slices = Enumerable.Range(0, 20).Select(i => double.Parse(
            reader.GetMetaData((uint)i, "0020|0032").Split('\\')[2],
            System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.GetSize(), Is.EqualTo(new uint[] { 512, 512, 20 }));
            Assert.That(slices, Is.Ordered);
            Assert.That(image.GetOrigin()[2], Is.EqualTo(slices[0]).Within(1e-6));
            Assert.That(image.GetSpacing()[2], Is.EqualTo((slices[19] - slices[0]) / 19).Within(1e-6));
            Assert.That(image.GetDirection(), Is.EqualTo(new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 }).Within(1e-6));
            Assert.That(image.Values().Min(), Is.InRange(-2048, -900));
        }
    }

    [Test]
    public void Slice_of_the_series_equals_the_file()
    {
        var files = ImageSeriesReader.GetGDCMSeriesFileNames(folder);
        using var series = itk.simple.SimpleITK.ReadImage(files, PixelIDValueEnum.sitkFloat32);
        using var single = itk.simple.SimpleITK.ReadImage(files[7]);
        Assert.That(series.Values().Skip(7 * 512 * 512).Take(512 * 512), Is.EqualTo(single.Values()));
    }

    [Test]
    public void Folder_without_series_has_no_ids()
    {
        var empty = Directory.CreateTempSubdirectory();
        try
        {
            Assert.That(ImageSeriesReader.GetGDCMSeriesIDs(empty.FullName), Is.Empty);
        }
        finally
        {
            empty.Delete();
        }
    }
}
