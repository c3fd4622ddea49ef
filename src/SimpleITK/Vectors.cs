using System.Collections.ObjectModel;

namespace itk.simple;

public class VectorUInt32 : Collection<uint>, IDisposable
{
    public VectorUInt32()
    {
    }

    public VectorUInt32(IEnumerable<uint> c)
        : base([.. c])
    {
    }

    public void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>SimpleITK's build for Linux returns 64-bit sizes as <see cref="uint"/>, too.</summary>
public class VectorUInt64 : Collection<uint>, IDisposable
{
    public VectorUInt64()
    {
    }

    public VectorUInt64(IEnumerable<uint> c)
        : base([.. c])
    {
    }

    public void Dispose() => GC.SuppressFinalize(this);
}

public class VectorDouble : Collection<double>, IDisposable
{
    public VectorDouble()
    {
    }

    public VectorDouble(IEnumerable<double> c)
        : base([.. c])
    {
    }

    public void Dispose() => GC.SuppressFinalize(this);
}
