namespace itk.simple;

public class ImageReaderBase : ProcessObject
{
    private PixelIDValueEnum outputPixelType = PixelIDValueEnum.sitkUnknown;
    private string imageIO = string.Empty;

    internal ImageReaderBase()
    {
    }

    public void SetOutputPixelType(PixelIDValueEnum pixelID) => outputPixelType = pixelID;

    public PixelIDValueEnum GetOutputPixelType() => outputPixelType;

    public virtual void SetImageIO(string imageio) => imageIO = imageio;

    public virtual string GetImageIO() => imageIO;

    public virtual Image Execute() => throw new NotSupportedException("ImageReaderBase.Execute");
}

public class ImageFileReader : ImageReaderBase
{
    private string fileName = string.Empty;
    private ImageHandle? information;

    public ImageFileReader()
    {
    }

    private ImageHandle Information => information ??= new ImageHandle();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            information?.Dispose();
        base.Dispose(disposing);
    }

    public void SetFileName(string fn) => fileName = fn;

    public string GetFileName() => fileName;

    public override Image Execute() => new(ImageHandle.Checked(
        Native.Read(fileName, GetImageIO(), GetOutputPixelType().swigValue, 0), "ImageFileReader_Execute"));

    public void ReadImageInformation()
    {
        var read = ImageHandle.Checked(
            Native.Read(fileName, GetImageIO(), GetOutputPixelType().swigValue, 1),
            "ImageFileReader_ReadImageInformation");
        information?.Dispose();
        information = read;
    }

    public PixelIDValueEnum GetPixelID() => PixelIDValueEnum.swigToEnum(GetPixelIDValue());

    public int GetPixelIDValue() => Information.IsInvalid ? -1 : Information.Header.PixelId;

    public uint GetDimension() => Information.IsInvalid ? 0 : (uint)Information.Header.Dimension;

    public uint GetNumberOfComponents() => Information.IsInvalid ? 0 : Information.Header.Components;

    public VectorDouble GetOrigin() => Information.IsInvalid ? [] : Geometry.Origin(Information);

    public VectorDouble GetSpacing() => Information.IsInvalid ? [] : Geometry.Spacing(Information);

    public VectorDouble GetDirection() => Information.IsInvalid ? [] : Geometry.Direction(Information);

    public VectorUInt64 GetSize() =>
        Information.IsInvalid ? [] : new(Geometry.Size(Information).Select(size => checked((uint)size)));

    public VectorString GetMetaDataKeys() =>
        Information.IsInvalid ? [] : MetaData.Keys(Information, -1, "ImageFileReader_GetMetaDataKeys");

    public bool HasMetaDataKey(string key) =>
        !Information.IsInvalid && MetaData.Has(Information, -1, key, "ImageFileReader_HasMetaDataKey");

    public string GetMetaData(string key) => Information.IsInvalid
        ? throw new ApplicationException(
            $"Exception thrown in SimpleITK ImageFileReader_GetMetaData: sitk::ERROR: Key '{key}' does not exist")
        : MetaData.Get(Information, -1, key, "ImageFileReader_GetMetaData");
}

public class ImageSeriesReader : ImageReaderBase
{
    private VectorString fileNames = [];
    private bool updateDictionaries;
    private ImageHandle? dictionaries;

    public ImageSeriesReader()
    {
    }

    public static VectorString GetGDCMSeriesIDs(string directory) => GetGDCMSeriesIDs(directory, false);

    public static VectorString GetGDCMSeriesIDs(string directory, bool useSeriesDetails) =>
        new((IEnumerable<string>)Native.Strings(
            Native.SeriesIds(directory, useSeriesDetails ? 1 : 0, out var length),
            length,
            "ImageSeriesReader_GetGDCMSeriesIDs"));

    public static VectorString GetGDCMSeriesFileNames(string directory) => GetGDCMSeriesFileNames(directory, "");

    public static VectorString GetGDCMSeriesFileNames(string directory, string seriesID) =>
        GetGDCMSeriesFileNames(directory, seriesID, false);

    public static VectorString GetGDCMSeriesFileNames(string directory, string seriesID, bool useSeriesDetails) =>
        GetGDCMSeriesFileNames(directory, seriesID, useSeriesDetails, false);

    public static VectorString GetGDCMSeriesFileNames(
        string directory, string seriesID, bool useSeriesDetails, bool recursive) =>
        GetGDCMSeriesFileNames(directory, seriesID, useSeriesDetails, recursive, false);

    public static VectorString GetGDCMSeriesFileNames(
        string directory, string seriesID, bool useSeriesDetails, bool recursive, bool loadSequences) =>
        new((IEnumerable<string>)Native.Strings(
            Native.SeriesFiles(
                directory,
                seriesID,
                useSeriesDetails ? 1 : 0,
                recursive ? 1 : 0,
                loadSequences ? 1 : 0,
                out var length),
            length,
            "ImageSeriesReader_GetGDCMSeriesFileNames"));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            dictionaries?.Dispose();
        base.Dispose(disposing);
    }

    public void SetMetaDataDictionaryArrayUpdate(bool metaDataDictionaryArrayUpdate) =>
        updateDictionaries = metaDataDictionaryArrayUpdate;

    public bool GetMetaDataDictionaryArrayUpdate() => updateDictionaries;

    public void MetaDataDictionaryArrayUpdateOn() => updateDictionaries = true;

    public void MetaDataDictionaryArrayUpdateOff() => updateDictionaries = false;

    public void SetFileNames(VectorString fileNames) => this.fileNames = new VectorString(fileNames);

    public VectorString GetFileNames() => new(fileNames);

    public override Image Execute()
    {
        var read = ImageHandle.Checked(
            Native.ReadSeries(fileNames.ToArray(), fileNames.Count, GetImageIO(), GetOutputPixelType().swigValue),
            "ImageSeriesReader_Execute");
        dictionaries?.Dispose();
        dictionaries = updateDictionaries
            ? ImageHandle.Checked(Native.SliceDictionaries(read), "ImageSeriesReader_Execute")
            : null;
        return new Image(read);
    }

    public VectorString GetMetaDataKeys(uint slice) =>
        MetaData.Keys(Dictionaries("GetMetaDataKeys"), (int)slice, "ImageSeriesReader_GetMetaDataKeys");

    public bool HasMetaDataKey(uint slice, string key) =>
        MetaData.Has(Dictionaries("HasMetaDataKey"), (int)slice, key, "ImageSeriesReader_HasMetaDataKey");

    public string GetMetaData(uint slice, string key) =>
        MetaData.Get(Dictionaries("GetMetaData"), (int)slice, key, "ImageSeriesReader_GetMetaData");

    private ImageHandle Dictionaries(string method) => dictionaries ?? throw new ApplicationException(
        $"Exception thrown in SimpleITK ImageSeriesReader_{method}: sitk::ERROR: There are no slice dictionaries: "
        + "call MetaDataDictionaryArrayUpdateOn and Execute first.");
}
