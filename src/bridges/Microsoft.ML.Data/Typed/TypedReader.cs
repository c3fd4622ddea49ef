namespace Microsoft.ML.Data;

/// <summary>The members of a row class, each bound to the column of a schema that it is read from.</summary>
internal sealed class TypedReader<TRow>
    where TRow : class
{
    private readonly (TypedMember<TRow> Member, DataViewSchema.Column Column)[] _bound;

    public TypedReader(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var bound = new List<(TypedMember<TRow>, DataViewSchema.Column)>();
        foreach (var member in TypedMember<TRow>.Create(definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(member.Column.Name) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw new InvalidOperationException($"Column '{member.Column.Name}' not found in the data view");
            }
            if (column.Type.RawType != member.Column.Type.RawType)
            {
                throw new InvalidOperationException(
                    $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property "
                    + $"'{member.Member.Name}' of type '{MemberTypes.TypeOf(member.Member)}'.");
            }
            bound.Add((member, column));
        }
        _bound = [.. bound];
    }

    public IEnumerable<DataViewSchema.Column> Columns => _bound.Select(pair => pair.Column);

    /// <summary>An action that fills a row object from where the row stands.</summary>
    public Action<TRow> Over(DataViewRow row)
    {
        var fillers = _bound.Select(pair => pair.Member.FillerFrom(row, pair.Column)).ToArray();
        return filled =>
        {
            foreach (var fill in fillers)
                fill(filled);
        };
    }
}
