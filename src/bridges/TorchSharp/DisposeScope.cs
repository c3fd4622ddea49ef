using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => new();

    public static DisposeScope? CurrentDisposeScope => DisposeScope.Current;

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Owns the tensors that its thread creates while it is the innermost scope, and disposes them with itself, but for
/// those moved out.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? t_current;

    private readonly DisposeScope? _outer;

    // A tensor knows its place here, so that leaving costs no search; a place left is null.
    private readonly List<IDisposable?> _owned = [];
    private bool _disposed;

    internal DisposeScope()
    {
        _outer = t_current;
        t_current = this;
    }

    internal static DisposeScope? Current => t_current;

    public IReadOnlyList<IDisposable> DisposablesView => [.. _owned.OfType<IDisposable>()];

    public int DisposablesCount { get; private set; }

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope(), disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        if (Remove(disposable))
            scope?.Add(disposable);
        return disposable;
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Remove(disposable);
        return disposable;
    }

    public void Attach(IDisposable disposable)
    {
        if (disposable is Tensor tensor)
            tensor.OwningScope?.Remove(tensor);
        Add(disposable);
    }

    public bool Contains(IDisposable disposable) =>
        disposable is Tensor tensor ? tensor.OwningScope == this : IndexOf(disposable) >= 0;

    public void MarkAsDisposed(IDisposable disposable) => Remove(disposable);

    public void DisposeEverything()
    {
        for (var i = 0; i < _owned.Count; i++)
        {
            if (_owned[i] is not { } disposable)
                continue;
            if (disposable is Tensor tensor)
                tensor.OwningScope = null;
            disposable.Dispose();
        }
        _owned.Clear();
        DisposablesCount = 0;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        DisposeEverything();
        while (t_current is { _disposed: true })
            t_current = t_current._outer;
    }

    internal void Add(IDisposable disposable)
    {
        if (_owned.Count > 1024 && DisposablesCount < _owned.Count / 2)
            Compact();
        if (disposable is Tensor tensor)
        {
            tensor.OwningScope = this;
            tensor.PlaceInScope = _owned.Count;
        }
        _owned.Add(disposable);
        DisposablesCount++;
    }

    /// <summary>Puts one tensor in another's place; what stood there belongs to no scope any more.</summary>
    internal void Replace(Tensor old, Tensor replacement)
    {
        _owned[old.PlaceInScope] = replacement;
        replacement.OwningScope = this;
        replacement.PlaceInScope = old.PlaceInScope;
        old.OwningScope = null;
    }

    internal DisposeScope? OuterScope()
    {
        var outer = _outer;
        while (outer is { _disposed: true })
            outer = outer._outer;
        return outer;
    }

    private bool Remove(IDisposable disposable)
    {
        var place = disposable is Tensor tensor
            ? tensor.OwningScope == this ? tensor.PlaceInScope : -1
            : IndexOf(disposable);
        if (place < 0)
            return false;
        if (disposable is Tensor owned)
            owned.OwningScope = null;
        _owned[place] = null;
        DisposablesCount--;
        return true;
    }

    private void Compact()
    {
        _owned.RemoveAll(disposable => disposable is null);
        for (var i = 0; i < _owned.Count; i++)
        {
            if (_owned[i] is Tensor tensor)
                tensor.PlaceInScope = i;
        }
    }

    private int IndexOf(IDisposable disposable) => _owned.FindIndex(other => ReferenceEquals(other, disposable));

}
