namespace itk.simple;

/// <summary>What images and file readers tell about size and place.</summary>
internal static class Geometry
{
    public static ulong[] Size(ImageHandle handle)
    {
        ref readonly var header = ref handle.Header;
        return [.. ((ReadOnlySpan<ulong>)header.Size)[..header.Dimension]];
    }

    public static VectorDouble Spacing(ImageHandle handle)
    {
        ref readonly var header = ref handle.Header;
        return Vector(header.Spacing, header.Dimension);
    }

    public static VectorDouble Origin(ImageHandle handle)
    {
        ref readonly var header = ref handle.Header;
        return Vector(header.Origin, header.Dimension);
    }

    public static VectorDouble Direction(ImageHandle handle)
    {
        ref readonly var header = ref handle.Header;
        return Vector(header.Direction, header.Dimension * header.Dimension);
    }

    private static VectorDouble Vector(ReadOnlySpan<double> values, int count) =>
        new((IEnumerable<double>)values[..count].ToArray());
}

/// <summary>What images and readers tell of a dictionary; slice −1 is the image's own.</summary>
internal static class MetaData
{
    public static VectorString Keys(ImageHandle handle, int slice, string method) =>
        new((IEnumerable<string>)Native.Strings(Native.MetaKeys(handle, slice, out var length), length, method));

    public static bool Has(ImageHandle handle, int slice, string key, string method)
    {
        var answer = Native.MetaHas(handle, slice, key);
        Native.Check(answer, method);
        return answer == 2;
    }

    public static string Get(ImageHandle handle, int slice, string key, string method) =>
        Native.Strings(Native.MetaGet(handle, slice, key, out var length), length, method)[0];
}
