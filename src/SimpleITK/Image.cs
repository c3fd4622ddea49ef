namespace itk.simple;

/// <summary>An image as a reader returns it; the components of a pixel are contiguous in its buffer.</summary>
public class Image : IDisposable
{
    internal Image(ImageHandle handle) => Handle = handle;

    internal ImageHandle Handle { get; }

    private ref readonly Header Header => ref Handle.Header;

    public void Dispose()
    {
        Handle.Dispose();
        GC.SuppressFinalize(this);
    }

    public PixelIDValueEnum GetPixelID() => PixelIDValueEnum.swigToEnum(Header.PixelId);

    public uint GetDimension() => (uint)Header.Dimension;

    public uint GetNumberOfComponentsPerPixel() => Header.Components;

    public uint GetNumberOfPixels() => GetSize().Aggregate(1u, (product, size) => checked(product * size));

    public VectorUInt32 GetSize() =>
        new(Values<ulong>(Header.Size, Header.Dimension).Select(size => checked((uint)size)));

    public uint GetWidth() => (uint)Header.Size[0];

    public uint GetHeight() => (uint)Header.Size[1];

    public VectorDouble GetOrigin() => new(Values<double>(Header.Origin, Header.Dimension));

    public VectorDouble GetSpacing() => new(Values<double>(Header.Spacing, Header.Dimension));

    public VectorDouble GetDirection() => new(Values<double>(Header.Direction, Header.Dimension * Header.Dimension));

    public nint GetConstBufferAsInt8() => Buffer(PixelIDValueEnum.sitkInt8, "GetConstBufferAsInt8");

    public nint GetConstBufferAsUInt8() => Buffer(PixelIDValueEnum.sitkUInt8, "GetConstBufferAsUInt8");

    public nint GetConstBufferAsInt16() => Buffer(PixelIDValueEnum.sitkInt16, "GetConstBufferAsInt16");

    public nint GetConstBufferAsUInt16() => Buffer(PixelIDValueEnum.sitkUInt16, "GetConstBufferAsUInt16");

    public nint GetConstBufferAsInt32() => Buffer(PixelIDValueEnum.sitkInt32, "GetConstBufferAsInt32");

    public nint GetConstBufferAsUInt32() => Buffer(PixelIDValueEnum.sitkUInt32, "GetConstBufferAsUInt32");

    public nint GetConstBufferAsFloat() => Buffer(PixelIDValueEnum.sitkFloat32, "GetConstBufferAsFloat");

    private static T[] Values<T>(ReadOnlySpan<T> values, int count) => values[..count].ToArray();

    private nint Buffer(PixelIDValueEnum component, string method)
    {
        var id = Header.PixelId;
        return id == component.swigValue || id == component.swigValue + PixelIDValueEnum.sitkVectorUInt8.swigValue
            ? Header.Data
            : throw new ApplicationException($"Exception thrown in SimpleITK Image_{method}: sitk::ERROR: "
                + $"The image is of type: {GetPixelID()} but the {method} access method requires type: {component}!");
    }
}
