namespace itk.simple;

/// <summary>A C++ enumeration as SWIG wraps it: one object per value, compared by reference.</summary>
public sealed class PixelIDValueEnum
{
    public static readonly PixelIDValueEnum sitkUnknown = new("sitkUnknown", -1);
    public static readonly PixelIDValueEnum sitkUInt8 = new("sitkUInt8", 0);
    public static readonly PixelIDValueEnum sitkInt8 = new("sitkInt8", 1);
    public static readonly PixelIDValueEnum sitkUInt16 = new("sitkUInt16", 2);
    public static readonly PixelIDValueEnum sitkInt16 = new("sitkInt16", 3);
    public static readonly PixelIDValueEnum sitkUInt32 = new("sitkUInt32", 4);
    public static readonly PixelIDValueEnum sitkInt32 = new("sitkInt32", 5);
    public static readonly PixelIDValueEnum sitkUInt64 = new("sitkUInt64", 6);
    public static readonly PixelIDValueEnum sitkInt64 = new("sitkInt64", 7);
    public static readonly PixelIDValueEnum sitkFloat32 = new("sitkFloat32", 8);
    public static readonly PixelIDValueEnum sitkFloat64 = new("sitkFloat64", 9);
    public static readonly PixelIDValueEnum sitkComplexFloat32 = new("sitkComplexFloat32", 10);
    public static readonly PixelIDValueEnum sitkComplexFloat64 = new("sitkComplexFloat64", 11);
    public static readonly PixelIDValueEnum sitkVectorUInt8 = new("sitkVectorUInt8", 12);
    public static readonly PixelIDValueEnum sitkVectorInt8 = new("sitkVectorInt8", 13);
    public static readonly PixelIDValueEnum sitkVectorUInt16 = new("sitkVectorUInt16", 14);
    public static readonly PixelIDValueEnum sitkVectorInt16 = new("sitkVectorInt16", 15);
    public static readonly PixelIDValueEnum sitkVectorUInt32 = new("sitkVectorUInt32", 16);
    public static readonly PixelIDValueEnum sitkVectorInt32 = new("sitkVectorInt32", 17);
    public static readonly PixelIDValueEnum sitkVectorUInt64 = new("sitkVectorUInt64", 18);
    public static readonly PixelIDValueEnum sitkVectorInt64 = new("sitkVectorInt64", 19);
    public static readonly PixelIDValueEnum sitkVectorFloat32 = new("sitkVectorFloat32", 20);
    public static readonly PixelIDValueEnum sitkVectorFloat64 = new("sitkVectorFloat64", 21);

    private static readonly PixelIDValueEnum[] All =
    [
        sitkUnknown, sitkUInt8, sitkInt8, sitkUInt16, sitkInt16,
        sitkUInt32, sitkInt32, sitkUInt64, sitkInt64, sitkFloat32,
        sitkFloat64, sitkComplexFloat32, sitkComplexFloat64, sitkVectorUInt8, sitkVectorInt8,
        sitkVectorUInt16, sitkVectorInt16, sitkVectorUInt32, sitkVectorInt32, sitkVectorUInt64,
        sitkVectorInt64, sitkVectorFloat32, sitkVectorFloat64,
    ];

    public readonly int swigValue;
    private readonly string _name;

    private PixelIDValueEnum(string name, int value) => (_name, swigValue) = (name, value);

    public static PixelIDValueEnum swigToEnum(int swigValue) =>
        Array.Find(All, item => item.swigValue == swigValue)
        ?? throw new ArgumentOutOfRangeException(
            nameof(swigValue), $"No enum {typeof(PixelIDValueEnum)} with value {swigValue}");

    public override string ToString() => _name;
}
