namespace itk.simple;

/// <summary>The identity, the only transform this bridge knows.</summary>
public class Transform : IDisposable
{
    public Transform()
    {
    }

    public uint GetDimension() => 3;

    public virtual void SetIdentity()
    {
    }

    public virtual bool IsLinear() => true;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
