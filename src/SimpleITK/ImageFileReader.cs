namespace itk.simple;

public class ProcessObject : IDisposable
{
    internal ProcessObject()
    {
    }

    public static void GlobalWarningDisplayOn() => SetGlobalWarningDisplay(true);

    public static void GlobalWarningDisplayOff() => SetGlobalWarningDisplay(false);

    public static void SetGlobalWarningDisplay(bool flag) => Native.SetWarnings(flag ? 1 : 0);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

public class ImageReaderBase : ProcessObject
{
    private PixelIDValueEnum _outputPixelType = PixelIDValueEnum.sitkUnknown;
    private string _imageIO = string.Empty;

    internal ImageReaderBase()
    {
    }

    public void SetOutputPixelType(PixelIDValueEnum pixelID) => _outputPixelType = pixelID;

    public PixelIDValueEnum GetOutputPixelType() => _outputPixelType;

    public virtual void SetImageIO(string imageio) => _imageIO = imageio;

    public virtual string GetImageIO() => _imageIO;
}

public class ImageFileReader : ImageReaderBase
{
    private string _fileName = string.Empty;
    private ImageHandle _information = new();

    public ImageFileReader()
    {
    }

    public void SetFileName(string fn) => _fileName = fn;

    public string GetFileName() => _fileName;

    public Image Execute() => new(Read(informationOnly: false, "ImageFileReader_Execute"));

    public void ReadImageInformation()
    {
        var read = Read(informationOnly: true, "ImageFileReader_ReadImageInformation");
        _information.Dispose();
        _information = read;
    }

    public PixelIDValueEnum GetPixelID() =>
        _information.IsInvalid ? PixelIDValueEnum.sitkUnknown : PixelIDValueEnum.swigToEnum(_information.Header.PixelId);

    public uint GetDimension() => _information.IsInvalid ? 0 : (uint)_information.Header.Dimension;

    public uint GetNumberOfComponents() => _information.IsInvalid ? 0 : _information.Header.Components;

    public VectorDouble GetOrigin() => _information.IsInvalid ? [] : _information.Origin;

    public VectorDouble GetSpacing() => _information.IsInvalid ? [] : _information.Spacing;

    public VectorDouble GetDirection() => _information.IsInvalid ? [] : _information.Direction;

    public VectorUInt64 GetSize() => _information.IsInvalid ? [] : new(_information.Size);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _information.Dispose();
        base.Dispose(disposing);
    }

    private ImageHandle Read(bool informationOnly, string method) => ImageHandle.Checked(
        Native.Read(_fileName, GetImageIO(), GetOutputPixelType().swigValue, informationOnly ? 1 : 0), method);
}
