using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape Empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.ToArray();
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema) =>
        new(schema
            .Where(column => !column.IsHidden)
            .Select(column => ColumnOf(column.Name, column.Type, column.Annotations)));

    internal static Column ColumnOf(string name, DataViewType type, DataViewSchema.Annotations annotations)
    {
        var vector = type as VectorDataViewType;
        var kind = vector == null ? Column.VectorKind.Scalar
            : vector.IsKnownSize ? Column.VectorKind.Vector
            : Column.VectorKind.VariableVector;
        var shapes = annotations == null || annotations.Schema.Count == 0 ? Empty : Create(annotations.Schema);
        return new Column(name, kind, vector?.ItemType ?? type, isKey: false, shapes);
    }

    /// <summary>The columns by name; a column added under an existing name replaces that one.</summary>
    internal Dictionary<string, Column> ToMap() => _columns.ToDictionary(column => column.Name);

    public struct Column
    {
        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(
            string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Name = name;
            Kind = vecKind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? Empty;
        }

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }

        internal readonly string TypeString() =>
            Kind == VectorKind.Scalar ? ItemType.ToString()
                : Kind == VectorKind.Vector ? $"Vector of {ItemType}" : $"VarVector of {ItemType}";
    }
}
