namespace itk.simple;

public static class SimpleITK
{
    public static string GetPixelIDValueAsString(PixelIDValueEnum type) => GetPixelIDValueAsString(type.swigValue);

    public static string GetPixelIDValueAsString(int type)
    {
        string[] names =
        [
            "8-bit unsigned integer", "8-bit signed integer", "16-bit unsigned integer", "16-bit signed integer",
            "32-bit unsigned integer", "32-bit signed integer", "64-bit unsigned integer", "64-bit signed integer",
            "32-bit float", "64-bit float", "complex of 32-bit float", "complex of 64-bit float",
        ];
        var vector = PixelIDValueEnum.sitkVectorUInt8.swigValue;
        return type < 0 || type >= vector + 10 ? "Unknown pixel id"
            : type < vector ? names[type]
            : "vector of " + names[type - vector];
    }

    public static Image ReadImage(string filename) => ReadImage(filename, PixelIDValueEnum.sitkUnknown);

    public static Image ReadImage(string filename, PixelIDValueEnum outputPixelType) =>
        ReadImage(filename, outputPixelType, string.Empty);

    public static Image ReadImage(string filename, PixelIDValueEnum outputPixelType, string imageIO)
    {
        using var reader = new ImageFileReader();
        reader.SetFileName(filename);
        reader.SetOutputPixelType(outputPixelType);
        reader.SetImageIO(imageIO);
        return reader.Execute();
    }

    public static void WriteImage(Image image, string fileName) => WriteImage(image, fileName, false);

    public static void WriteImage(Image image, string fileName, bool useCompression) =>
        Native.Check(Native.Write(image.Handle, fileName, useCompression ? 1 : 0), "ImageFileWriter_Execute");
}
