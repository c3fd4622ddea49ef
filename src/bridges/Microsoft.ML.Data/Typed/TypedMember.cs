using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>One member of a row class, bound to a column: reads it as a column's value and fills it from one.</summary>
internal abstract class TypedMember<TRow>
{
    public DataViewSchema.DetachedColumn Column { get; private init; }

    public MemberInfo Member { get; private init; }

    /// <summary>
    /// A <see cref="ValueGetter{TValue}"/> of the column's raw type over the member of the current row.
    /// </summary>
    public abstract Delegate GetterOver(Func<TRow> currentRow);

    /// <summary>An action that fills the member of a row object from the row's column.</summary>
    public abstract Action<TRow> FillerFrom(DataViewRow row, DataViewSchema.Column column);

    public static TypedMember<TRow>[] Create(SchemaDefinition definition, SchemaDefinition.Direction direction) =>
        (definition ?? SchemaDefinition.Create(typeof(TRow), direction)).Select(Create).ToArray();

    private static TypedMember<TRow> Create(SchemaDefinition.Column column)
    {
        var member = (MemberInfo)typeof(TRow).GetField(column.MemberName) ?? typeof(TRow).GetProperty(column.MemberName)
            ?? throw new ArgumentException(
                $"No field or property with name '{column.MemberName}' found in type '{typeof(TRow).FullName}'");
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var columnType = column.ColumnType ?? MemberTypes.ColumnTypeOf(member);
        if (columnType.RawType != MemberTypes.RawTypeOf(member))
        {
            throw new ArgumentException(
                $"Column '{name}' is supposed to be of type {columnType}, "
                + $"but the associated member has type {MemberTypes.TypeOf(member)}");
        }

        var type = MemberTypes.TypeOf(member);
        var bound = type == typeof(string) ? typeof(TextMember<>).MakeGenericType(typeof(TRow))
            : type == typeof(string[]) ? typeof(TextArrayMember<>).MakeGenericType(typeof(TRow))
            : type.IsArray ? typeof(ArrayMember<,>).MakeGenericType(typeof(TRow), type.GetElementType())
            : MemberTypes.VectorItemOrNull(type) is { } item
                ? typeof(BufferMember<,>).MakeGenericType(typeof(TRow), item)
            : typeof(DirectMember<,>).MakeGenericType(typeof(TRow), type);
        return GenericCall.Invoke<TypedMember<TRow>>(
            typeof(TypedMember<TRow>), nameof(New), null, bound,
            new DataViewSchema.DetachedColumn(name, columnType, column.Annotations), member);
    }

    private static TypedMember<TRow> New<TMember>(DataViewSchema.DetachedColumn column, MemberInfo member)
        where TMember : TypedMember<TRow>, new() => new TMember { Column = column, Member = member };
}

/// <summary>A member that needs a conversion between its own type and the column's raw type.</summary>
internal abstract class ConvertedMember<TRow, TMember, TValue> : TypedMember<TRow>
{
    protected abstract void ToColumn(TMember source, ref TValue destination);

    protected abstract TMember ToMember(in TValue source, TMember old);

    public override Delegate GetterOver(Func<TRow> currentRow)
    {
        var row = Expression.Parameter(typeof(TRow));
        var read = Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, Member), row).Compile();
        return (ValueGetter<TValue>)((ref TValue destination) => ToColumn(read(currentRow()), ref destination));
    }

    public override Action<TRow> FillerFrom(DataViewRow row, DataViewSchema.Column column)
    {
        var target = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TMember));
        var access = Expression.MakeMemberAccess(target, Member);
        var write = Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(access, value), target, value).Compile();
        // A property without a getter keeps no old array to write into.
        var read = Member is PropertyInfo { CanRead: false }
            ? _ => default
            : Expression.Lambda<Func<TRow, TMember>>(access, target).Compile();
        var getter = row.GetGetter<TValue>(column);
        TValue current = default;
        return filled =>
        {
            getter(ref current);
            write(filled, ToMember(in current, read(filled)));
        };
    }
}

/// <summary>A number, a truth value, a date, text as memory, or a registered type of the user.</summary>
internal sealed class DirectMember<TRow, TValue> : ConvertedMember<TRow, TValue, TValue>
{
    protected override void ToColumn(TValue source, ref TValue destination) => destination = source;

    protected override TValue ToMember(in TValue source, TValue old) => source;
}

internal sealed class TextMember<TRow> : ConvertedMember<TRow, string, ReadOnlyMemory<char>>
{
    protected override void ToColumn(string source, ref ReadOnlyMemory<char> destination) =>
        destination = source.AsMemory();

    protected override string ToMember(in ReadOnlyMemory<char> source, string old) => source.ToString();
}

internal sealed class ArrayMember<TRow, TItem> : ConvertedMember<TRow, TItem[], VBuffer<TItem>>
{
    protected override void ToColumn(TItem[] source, ref VBuffer<TItem> destination)
    {
        var editor = VBufferEditor.Create(ref destination, source?.Length ?? 0);
        source.AsSpan().CopyTo(editor.Values);
        destination = editor.Commit();
    }

    protected override TItem[] ToMember(in VBuffer<TItem> source, TItem[] old)
    {
        var array = old?.Length == source.Length ? old : new TItem[source.Length];
        source.CopyTo(array);
        return array;
    }
}

internal sealed class TextArrayMember<TRow> : ConvertedMember<TRow, string[], VBuffer<ReadOnlyMemory<char>>>
{
    protected override void ToColumn(string[] source, ref VBuffer<ReadOnlyMemory<char>> destination)
    {
        var editor = VBufferEditor.Create(ref destination, source?.Length ?? 0);
        for (var i = 0; i < editor.Values.Length; i++)
            editor.Values[i] = source[i].AsMemory();
        destination = editor.Commit();
    }

    protected override string[] ToMember(in VBuffer<ReadOnlyMemory<char>> source, string[] old) =>
        source.DenseValues().Select(text => text.ToString()).ToArray();
}

internal sealed class BufferMember<TRow, TItem> : ConvertedMember<TRow, VBuffer<TItem>, VBuffer<TItem>>
{
    protected override void ToColumn(VBuffer<TItem> source, ref VBuffer<TItem> destination) =>
        source.CopyTo(ref destination);

    protected override VBuffer<TItem> ToMember(in VBuffer<TItem> source, VBuffer<TItem> old)
    {
        source.CopyTo(ref old);
        return old;
    }
}
