using System.Runtime.CompilerServices;

namespace Microsoft.ML.Data;

internal static class Getters
{
    /// <summary>The getter of a column out of an array that holds null for inactive columns.</summary>
    public static ValueGetter<TValue> Pick<TValue>(
        Delegate[] getters, DataViewSchema schema, DataViewSchema.Column column)
    {
        CheckIndex(schema, column);
        var getter = getters[column.Index] ?? throw NotActive(column);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', "
                + $"expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }

    public static void CheckIndex(DataViewSchema schema, DataViewSchema.Column column)
    {
        if (column.Index >= schema.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(column),
                $"Column '{column.Name}' at {column.Index} is not of a schema of {schema.Count} columns.");
        }
    }

    public static ArgumentException NotActive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' is not active: it was not among the needed columns.", nameof(column));

    public static bool[] ActiveFlags(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            CheckIndex(schema, column);
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The getter of the row's column as a delegate, when its type is known at run time only.</summary>
    public static Delegate Of(DataViewRow row, DataViewSchema.Column column) =>
        GenericCall.Invoke<Delegate>(typeof(Getters), nameof(Typed), null, column.Type.RawType, row, column);

    private static ValueGetter<TValue> Typed<TValue>(DataViewRow row, DataViewSchema.Column column) =>
        row.GetGetter<TValue>(column);

    /// <summary>Copies a value so that the copy outlives the source: buffers by content, all else as it is.</summary>
    public static void Copy<TValue>(in TValue source, ref TValue destination) =>
        Copier<TValue>.Copy(in source, ref destination);

    private static class Copier<TValue>
    {
        public delegate void CopyValue(in TValue source, ref TValue destination);

        public static readonly CopyValue Copy = Make();

        private static CopyValue Make()
        {
            if (typeof(TValue).IsGenericType && typeof(TValue).GetGenericTypeDefinition() == typeof(VBuffer<>))
            {
                return GenericCall.Invoke<CopyValue>(
                    typeof(Copier<TValue>), nameof(OfBuffer), null, typeof(TValue).GetGenericArguments()[0]);
            }
            return (in TValue source, ref TValue destination) => destination = source;
        }

        private static CopyValue OfBuffer<TItem>() => (in TValue source, ref TValue destination) =>
        {
            ref var from = ref Unsafe.As<TValue, VBuffer<TItem>>(ref Unsafe.AsRef(in source));
            from.CopyTo(ref Unsafe.As<TValue, VBuffer<TItem>>(ref destination));
        };
    }
}
