namespace itk.simple;

public class Image : IDisposable
{
    internal Image(ImageHandle handle) => Handle = handle;

    public Image(uint width, uint height, PixelIDValueEnum valueEnum)
        : this(new VectorUInt32([width, height]), valueEnum)
    {
    }

    public Image(uint width, uint height, uint depth, PixelIDValueEnum valueEnum)
        : this(new VectorUInt32([width, height, depth]), valueEnum)
    {
    }

    public Image(VectorUInt32 size, PixelIDValueEnum valueEnum)
        : this(size, valueEnum, 0)
    {
    }

    /// <summary>Zeros; 0 components stand for one, or for as many as dimensions in a vector image.</summary>
    public Image(VectorUInt32 size, PixelIDValueEnum valueEnum, uint numberOfComponents)
    {
        var isVector = valueEnum.swigValue >= PixelIDValueEnum.sitkVectorUInt8.swigValue;
        var components = numberOfComponents > 0 ? numberOfComponents : isVector ? (uint)size.Count : 1;
        Handle = ImageHandle.Checked(
            Native.New(valueEnum.swigValue, components, size.Count, size.ToArray()), "new_Image");
    }

    internal ImageHandle Handle { get; }

    private ref readonly Header Header => ref Handle.Header;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Handle.Dispose();
    }

    public PixelIDValueEnum GetPixelID() => PixelIDValueEnum.swigToEnum(Header.PixelId);

    public int GetPixelIDValue() => Header.PixelId;

    public string GetPixelIDTypeAsString() => SimpleITK.GetPixelIDValueAsString(Header.PixelId);

    public uint GetDimension() => (uint)Header.Dimension;

    public uint GetNumberOfComponentsPerPixel() => Header.Components;

    public uint GetNumberOfPixels() => Handle.Size.Aggregate(1u, (product, size) => checked(product * size));

    public VectorUInt32 GetSize() => new(Handle.Size);

    public uint GetWidth() => (uint)Header.Size[0];

    public uint GetHeight() => (uint)Header.Size[1];

    public uint GetDepth() => Header.Dimension > 2 ? (uint)Header.Size[2] : 0;

    public VectorDouble GetOrigin() => Handle.Origin;

    public void SetOrigin(VectorDouble origin) =>
        Native.Check(Native.SetGeometry(Handle, 1, origin.ToArray(), origin.Count), "Image_SetOrigin");

    public VectorDouble GetSpacing() => Handle.Spacing;

    public void SetSpacing(VectorDouble spacing) =>
        Native.Check(Native.SetGeometry(Handle, 0, spacing.ToArray(), spacing.Count), "Image_SetSpacing");

    public VectorDouble GetDirection() => Handle.Direction;

    public void SetDirection(VectorDouble direction) =>
        Native.Check(Native.SetGeometry(Handle, 2, direction.ToArray(), direction.Count), "Image_SetDirection");

    public nint GetBufferAsInt8() => Buffer(PixelIDValueEnum.sitkInt8, "GetBufferAsInt8");

    public nint GetBufferAsUInt8() => Buffer(PixelIDValueEnum.sitkUInt8, "GetBufferAsUInt8");

    public nint GetBufferAsInt16() => Buffer(PixelIDValueEnum.sitkInt16, "GetBufferAsInt16");

    public nint GetBufferAsUInt16() => Buffer(PixelIDValueEnum.sitkUInt16, "GetBufferAsUInt16");

    public nint GetBufferAsInt32() => Buffer(PixelIDValueEnum.sitkInt32, "GetBufferAsInt32");

    public nint GetBufferAsUInt32() => Buffer(PixelIDValueEnum.sitkUInt32, "GetBufferAsUInt32");

    public nint GetBufferAsInt64() => Buffer(PixelIDValueEnum.sitkInt64, "GetBufferAsInt64");

    public nint GetBufferAsUInt64() => Buffer(PixelIDValueEnum.sitkUInt64, "GetBufferAsUInt64");

    public nint GetBufferAsFloat() => Buffer(PixelIDValueEnum.sitkFloat32, "GetBufferAsFloat");

    public nint GetBufferAsDouble() => Buffer(PixelIDValueEnum.sitkFloat64, "GetBufferAsDouble");

    public nint GetConstBufferAsInt8() => Buffer(PixelIDValueEnum.sitkInt8, "GetConstBufferAsInt8");

    public nint GetConstBufferAsUInt8() => Buffer(PixelIDValueEnum.sitkUInt8, "GetConstBufferAsUInt8");

    public nint GetConstBufferAsInt16() => Buffer(PixelIDValueEnum.sitkInt16, "GetConstBufferAsInt16");

    public nint GetConstBufferAsUInt16() => Buffer(PixelIDValueEnum.sitkUInt16, "GetConstBufferAsUInt16");

    public nint GetConstBufferAsInt32() => Buffer(PixelIDValueEnum.sitkInt32, "GetConstBufferAsInt32");

    public nint GetConstBufferAsUInt32() => Buffer(PixelIDValueEnum.sitkUInt32, "GetConstBufferAsUInt32");

    public nint GetConstBufferAsInt64() => Buffer(PixelIDValueEnum.sitkInt64, "GetConstBufferAsInt64");

    public nint GetConstBufferAsUInt64() => Buffer(PixelIDValueEnum.sitkUInt64, "GetConstBufferAsUInt64");

    public nint GetConstBufferAsFloat() => Buffer(PixelIDValueEnum.sitkFloat32, "GetConstBufferAsFloat");

    public nint GetConstBufferAsDouble() => Buffer(PixelIDValueEnum.sitkFloat64, "GetConstBufferAsDouble");

    private nint Buffer(PixelIDValueEnum component, string method)
    {
        var id = Header.PixelId;
        if (id != component.swigValue && id != component.swigValue + PixelIDValueEnum.sitkVectorUInt8.swigValue)
        {
            throw new ApplicationException($"Exception thrown in SimpleITK Image_{method}: sitk::ERROR: "
                + $"The image is of type: {GetPixelIDTypeAsString()} but the {method} access method requires type: "
                + $"{SimpleITK.GetPixelIDValueAsString(component.swigValue)}!");
        }

        return Header.Data;
    }
}
