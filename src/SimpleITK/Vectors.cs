using System.Collections.ObjectModel;

namespace itk.simple;

public class VectorUInt32(IEnumerable<uint> c) : Collection<uint>([.. c]), IDisposable
{
    public void Dispose() => GC.SuppressFinalize(this);
}

public class VectorDouble(IEnumerable<double> c) : Collection<double>([.. c]), IDisposable
{
    public void Dispose() => GC.SuppressFinalize(this);
}
