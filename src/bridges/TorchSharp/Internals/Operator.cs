using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Internals;

internal enum ArgumentTag
{
    None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, String, Device, Generator,
}

/// <summary>The blittable record that native/bridge.cpp reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeArgument
{
    public ArgumentTag Tag;
    public int Count;
    public long Payload, Extra;
}

/// <summary>One argument of an operator; the reference keeps alive what the payload points to.</summary>
internal readonly struct Argument
{
    public readonly object? Reference;
    public readonly long Payload, Extra;
    public readonly ArgumentTag Tag;

    private Argument(ArgumentTag tag, long payload, object? reference = null, long extra = 0)
    {
        Tag = tag;
        Payload = payload;
        Reference = reference;
        Extra = extra;
    }

    public static Argument None => default;

    public static implicit operator Argument(Tensor? value) =>
        value is null ? default : new(ArgumentTag.Tensor, value.Handle, value);

    public static implicit operator Argument(long value) => new(ArgumentTag.Int, value);
    public static implicit operator Argument(long? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(double value) =>
        new(ArgumentTag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(bool value) => new(ArgumentTag.Bool, value ? 1 : 0);
    public static implicit operator Argument(ScalarType value) => new(ArgumentTag.Int, (long)value);
    public static implicit operator Argument(ScalarType? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(nn.Reduction value) => new(ArgumentTag.Int, (long)value);
    public static implicit operator Argument(long[]? value) =>
        value is null ? default : new(ArgumentTag.IntList, 0, value);
    public static implicit operator Argument(double[]? value) =>
        value is null ? default : new(ArgumentTag.DoubleList, 0, value);
    public static implicit operator Argument(Tensor[] value) => new(ArgumentTag.TensorList, 0, value);
    public static implicit operator Argument(string? value) =>
        value is null ? default : new(ArgumentTag.String, 0, value);
    public static implicit operator Argument(Device? value) =>
        value is null ? default : new(ArgumentTag.Device, (long)value.type, value, value.index);
    public static implicit operator Argument(Generator? value) =>
        value is null ? default : new(ArgumentTag.Generator, value.Handle, value);

    public static implicit operator Argument(Scalar? value) => value is null ? default : value.Kind switch
    {
        ScalarType.Int64 => value.Integer,
        ScalarType.Bool => value.Integer != 0,
        _ => value.Real,
    };
}

/// <summary>
/// An operator of libtorch, looked up once by name and overload and called through the dispatcher with boxed arguments;
/// arguments left out at the end take the defaults of the operator's schema.
/// </summary>
internal readonly unsafe struct Operator(string name, string overload = "")
{
    // Longer lists of sizes or tensor handles than this come from the heap.
    private const int StackWords = 2048;

    private readonly nint _handle = Native.ts_find("aten::" + name, overload);
    private readonly string _name = name;

    internal Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Invoke(arguments, &result, 1);
        return new Tensor((nint)result.Payload, result.Extra);
    }

    internal (Tensor, Tensor) CallPair(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeArgument[2];
        Invoke(arguments, results, 2);
        return (new((nint)results[0].Payload, results[0].Extra), new((nint)results[1].Payload, results[1].Extra));
    }

    internal Tensor[] CallList(long capacity, params ReadOnlySpan<Argument> arguments)
    {
        var results = new NativeArgument[Math.Max(1, capacity)];
        fixed (NativeArgument* pointer = results)
        {
            var tensors = new Tensor[Invoke(arguments, pointer, results.Length)];
            for (var i = 0; i < tensors.Length; i++)
                tensors[i] = new((nint)results[i].Payload, results[i].Extra);
            return tensors;
        }
    }

    /// <summary>A call whose result is a number: a double's bits where the tag says so.</summary>
    internal NativeArgument CallValue(params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Invoke(arguments, &result, 1);
        return result;
    }

    /// <summary>A call for its effect on the first argument.</summary>
    internal void CallInPlace(params ReadOnlySpan<Argument> arguments) => Invoke(arguments, null, 0);

    private int Invoke(ReadOnlySpan<Argument> arguments, NativeArgument* results, int capacity)
    {
        if (_handle == 0)
            throw new NotSupportedException($"This libtorch ({__version__}) has no operator aten::{_name}.");
        var words = 0;
        foreach (ref readonly var argument in arguments)
            words += Words(argument);
        if (words > StackWords)
        {
            fixed (long* buffer = new long[words])
                return Invoke(arguments, buffer, results, capacity);
        }
        var lists = stackalloc long[words];
        return Invoke(arguments, lists, results, capacity);
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, long* lists, NativeArgument* results, int capacity)
    {
        var native = stackalloc NativeArgument[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            native[i].Tag = argument.Tag;
            native[i].Extra = argument.Extra;
            if (argument.Tag is < ArgumentTag.IntList or > ArgumentTag.String)
            {
                native[i].Payload = argument.Payload;
                continue;
            }
            native[i].Payload = (long)lists;
            native[i].Count = Copy(argument, lists);
            lists += Words(argument);
        }
        var count = Native.ts_call(_handle, native, arguments.Length, results, capacity);
        foreach (ref readonly var argument in arguments)
            GC.KeepAlive(argument.Reference);
        return count >= 0 ? count : throw Native.LastError();
    }

    private static int Words(in Argument argument) => argument.Tag switch
    {
        ArgumentTag.IntList => Unsafe.As<long[]>(argument.Reference!).Length,
        ArgumentTag.DoubleList => Unsafe.As<double[]>(argument.Reference!).Length,
        ArgumentTag.TensorList => Unsafe.As<Tensor[]>(argument.Reference!).Length,
        ArgumentTag.String => Encoding.UTF8.GetByteCount(Unsafe.As<string>(argument.Reference!)) / sizeof(long) + 1,
        _ => 0,
    };

    private static int Copy(in Argument argument, long* target)
    {
        switch (argument.Reference)
        {
            case long[] integers:
                integers.CopyTo(new Span<long>(target, integers.Length));
                return integers.Length;
            case double[] numbers:
                numbers.CopyTo(new Span<double>(target, numbers.Length));
                return numbers.Length;
            case Tensor[] tensors:
                for (var i = 0; i < tensors.Length; i++)
                    target[i] = tensors[i].Handle;
                return tensors.Length;
            default:
                var text = Unsafe.As<string>(argument.Reference!);
                return Encoding.UTF8.GetBytes(text, new Span<byte>(target, Words(argument) * sizeof(long)));
        }
    }
}
