using System.Runtime.CompilerServices;

namespace itk.simple;

/// <summary>A C++ enumeration as SWIG wraps it: one object per value, compared by reference.</summary>
public sealed class PixelIDValueEnum
{
    private static readonly Dictionary<int, PixelIDValueEnum> All = [];

    public static readonly PixelIDValueEnum sitkUInt8 = Add(0);
    public static readonly PixelIDValueEnum sitkInt8 = Add(1);
    public static readonly PixelIDValueEnum sitkUInt16 = Add(2);
    public static readonly PixelIDValueEnum sitkInt16 = Add(3);
    public static readonly PixelIDValueEnum sitkUInt32 = Add(4);
    public static readonly PixelIDValueEnum sitkInt32 = Add(5);
    public static readonly PixelIDValueEnum sitkUInt64 = Add(6);
    public static readonly PixelIDValueEnum sitkInt64 = Add(7);
    public static readonly PixelIDValueEnum sitkFloat32 = Add(8);
    public static readonly PixelIDValueEnum sitkFloat64 = Add(9);
    public static readonly PixelIDValueEnum sitkVectorUInt8 = Add(12);
    public static readonly PixelIDValueEnum sitkVectorInt8 = Add(13);
    public static readonly PixelIDValueEnum sitkVectorUInt16 = Add(14);
    public static readonly PixelIDValueEnum sitkVectorInt16 = Add(15);
    public static readonly PixelIDValueEnum sitkVectorUInt32 = Add(16);
    public static readonly PixelIDValueEnum sitkVectorInt32 = Add(17);
    public static readonly PixelIDValueEnum sitkVectorUInt64 = Add(18);
    public static readonly PixelIDValueEnum sitkVectorInt64 = Add(19);
    public static readonly PixelIDValueEnum sitkVectorFloat32 = Add(20);
    public static readonly PixelIDValueEnum sitkVectorFloat64 = Add(21);

    public readonly int swigValue;
    private readonly string _name;

    private PixelIDValueEnum(string name, int value) => (_name, swigValue) = (name, value);

    public static PixelIDValueEnum swigToEnum(int swigValue) => All.GetValueOrDefault(swigValue)
        ?? throw new ArgumentOutOfRangeException(
            nameof(swigValue), $"No enum {typeof(PixelIDValueEnum)} with value {swigValue}");

    public override string ToString() => _name;

    private static PixelIDValueEnum Add(int value, [CallerMemberName] string name = "") =>
        All[value] = new(name, value);
}
