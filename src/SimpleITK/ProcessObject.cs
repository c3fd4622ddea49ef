namespace itk.simple;

public class ProcessObject : IDisposable
{
    internal ProcessObject()
    {
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    public virtual string GetName() => GetType().Name;

    public override string ToString() => $"itk::simple::{GetName()}";

    public static void GlobalWarningDisplayOn() => Native.SetWarnings(1);

    public static void GlobalWarningDisplayOff() => Native.SetWarnings(0);

    public static void SetGlobalWarningDisplay(bool flag) => Native.SetWarnings(flag ? 1 : 0);

    public static bool GetGlobalWarningDisplay() => Native.GetWarnings() != 0;

    public static void SetGlobalDefaultNumberOfThreads(uint n) => Native.SetThreads(n);

    public static uint GetGlobalDefaultNumberOfThreads() => Native.GetThreads();
}

public class ImageFilter : ProcessObject
{
    internal ImageFilter()
    {
    }
}
