namespace itk.simple;

public class ImageFileWriter : ProcessObject
{
    private string fileName = string.Empty;
    private string imageIO = string.Empty;
    private bool useCompression;
    private int compressionLevel = -1;

    public ImageFileWriter()
    {
    }

    public void SetFileName(string fileName) => this.fileName = fileName;

    public string GetFileName() => fileName;

    public virtual void SetImageIO(string imageio) => imageIO = imageio;

    public virtual string GetImageIO() => imageIO;

    public void SetUseCompression(bool UseCompression) => useCompression = UseCompression;

    public bool GetUseCompression() => useCompression;

    public void UseCompressionOn() => useCompression = true;

    public void UseCompressionOff() => useCompression = false;

    public void SetCompressionLevel(int arg0) => compressionLevel = arg0;

    public int GetCompressionLevel() => compressionLevel;

    public void Execute(Image arg0) => Native.Check(
        Native.Write(arg0.Handle, fileName, imageIO, useCompression ? 1 : 0, compressionLevel),
        "ImageFileWriter_Execute");

    public void Execute(Image arg0, string inFileName, bool useCompression, int compressionLevel)
    {
        SetFileName(inFileName);
        SetUseCompression(useCompression);
        SetCompressionLevel(compressionLevel);
        Execute(arg0);
    }
}
