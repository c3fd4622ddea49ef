using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number passed to an operator: an integer, a truth value or a real number.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly ScalarType Kind;
    internal readonly long Integer;
    internal readonly double Real;

    private Scalar(ScalarType kind, long integer, double real)
    {
        Kind = kind;
        Integer = integer;
        Real = real;
    }

    public ScalarType Type => Kind;

    internal static Scalar FromInteger(long value) => new(ScalarType.Int64, value, value);
    internal static Scalar FromReal(double value) => new(ScalarType.Float64, (long)value, value);
    internal static Scalar FromTruth(bool value) => new(ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);

    public static implicit operator Scalar(byte value) => FromInteger(value);
    public static implicit operator Scalar(sbyte value) => FromInteger(value);
    public static implicit operator Scalar(short value) => FromInteger(value);
    public static implicit operator Scalar(int value) => FromInteger(value);
    public static implicit operator Scalar(long value) => FromInteger(value);
    public static implicit operator Scalar(float value) => FromReal(value);
    public static implicit operator Scalar(double value) => FromReal(value);
    public static implicit operator Scalar(bool value) => FromTruth(value);

    public void Dispose()
    {
    }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.Real;
    public static double ToDouble(this Scalar value) => value.Real;
    public static byte ToByte(this Scalar value) => checked((byte)value.Integer);
    public static int ToInt32(this Scalar value) => checked((int)value.Integer);
    public static long ToInt64(this Scalar value) => value.Integer;
    public static bool ToBoolean(this Scalar value) => value.Real != 0;
}
