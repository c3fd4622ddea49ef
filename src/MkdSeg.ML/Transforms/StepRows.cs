using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace MkdSeg.ML.Transforms;

// A saved custom mapping keeps only its contract name, neither options nor column names. So every mapping reads and writes
// the fixed column names below, and the links around it copy from and to the user's columns.

/// <summary>The fixed column names between the links of a step.</summary>
internal static class StepColumns
{
    public const string Prefix = "__mkdseg_";
    public const string Anchor = Prefix + "anchor";
    public const string Options = Prefix + "options";
    public const string Input = Prefix + "input";
    public const string Second = Prefix + "second";
    public const string Third = Prefix + "third";
    public const string Output = Prefix + "output";
    public const string Segmentation = Prefix + "segmentation";
    public const string Several = Prefix + "several";
}

/// <summary>
/// The input of a mapping. ML.NET reuses one object per cursor or PredictionEngine, so two threads that map the same object
/// share an engine that must not be shared: without a check, both would get the result of one patient.
/// </summary>
internal class StepInput
{
    private int _users;
    private volatile bool _isShared;

    public void Enter()
    {
        if (Interlocked.Increment(ref _users) == 1)
            return;
        // The first thread may have read this thread's volume, so it also fails once it is done.
        _isShared = true;
        Interlocked.Decrement(ref _users);
        throw Shared();
    }

    public void Leave()
    {
        var isShared = _isShared;
        _isShared = false;
        Interlocked.Decrement(ref _users);
        if (isShared)
            throw Shared();
    }

    private static InvalidOperationException Shared() => new(
        "Several threads use one PredictionEngine (or one row) at the same time, which would mix up their volumes; give each "
        + "thread its own engine, for example from a pool, or call Transform for each request.");
}

internal class StepInput<T> : StepInput
{
    [ColumnName(StepColumns.Input)]
    public T Value { get; set; } = default!;
}

internal class StepInput<T1, T2> : StepInput<T1>
{
    [ColumnName(StepColumns.Second)]
    public T2 Second { get; set; } = default!;
}

/// <summary>Carries the step's options as text, supplied by a link before the mapping.</summary>
internal interface IConfigured
{
    ReadOnlyMemory<char> Options { get; set; }
}

internal sealed class ConfiguredInput<T> : StepInput<T>, IConfigured
{
    [ColumnName(StepColumns.Options)]
    public ReadOnlyMemory<char> Options { get; set; }
}

internal class ConfiguredInput<T1, T2> : StepInput<T1, T2>, IConfigured
{
    [ColumnName(StepColumns.Options)]
    public ReadOnlyMemory<char> Options { get; set; }
}

internal sealed class ConfiguredInput<T1, T2, T3> : ConfiguredInput<T1, T2>
{
    [ColumnName(StepColumns.Third)]
    public T3 Third { get; set; } = default!;
}

internal sealed class StepOutput<T>
{
    [ColumnName(StepColumns.Output)]
    public T Value { get; set; } = default!;
}

/// <summary>Some values of a vector, each in its own column, in field order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal sealed class ScalarsOutput
{
    public const int Count = 16;
    public const string ColumnPrefix = "MkdSegScalar";

#pragma warning disable CS0649 // Written through a span over all fields.
    public float MkdSegScalar0, MkdSegScalar1, MkdSegScalar2, MkdSegScalar3, MkdSegScalar4, MkdSegScalar5, MkdSegScalar6,
        MkdSegScalar7, MkdSegScalar8, MkdSegScalar9, MkdSegScalar10, MkdSegScalar11, MkdSegScalar12, MkdSegScalar13,
        MkdSegScalar14, MkdSegScalar15;
#pragma warning restore CS0649

    public void Set(ReadOnlySpan<double> values)
    {
        var fields = MemoryMarshal.CreateSpan(ref MkdSegScalar0, Count);
        fields.Clear();
        for (var i = 0; i < values.Length; i++)
            fields[i] = (float)values[i];
    }
}
