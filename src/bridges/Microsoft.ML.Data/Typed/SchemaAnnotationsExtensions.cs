namespace Microsoft.ML.Data;

public static class SchemaAnnotationsExtensions
{
    private const string SlotNames = "SlotNames";

    public static bool HasSlotNames(this DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { IsKnownSize: true }
        && column.Annotations.Schema.GetColumnOrNull(SlotNames) is not null;

    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        column.Annotations.GetValue(SlotNames, ref slotNames);
}
