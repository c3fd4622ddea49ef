using System.Runtime.InteropServices;

namespace itk.simple;

public class ImageFileReader : IDisposable
{
    private string _fileName = "";
    private string _imageIO = "";

    public void SetFileName(string fn) => _fileName = fn;

    public void SetImageIO(string imageio) => _imageIO = imageio;

    public Image Execute()
    {
        var image = Native.Read(_fileName, _imageIO);
        return !image.IsInvalid ? new(image) : throw new ApplicationException(
            $"Exception thrown in SimpleITK ImageFileReader_Execute: {Marshal.PtrToStringUTF8(Native.Error())}");
    }

    public void Dispose() => GC.SuppressFinalize(this);
}
