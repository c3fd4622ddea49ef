using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.ML.Components;

/// <summary>A step's name with the columns it reads and the one it writes; checks data against it.</summary>
internal sealed record StepSignature(string Step, IReadOnlyList<StepColumn> Inputs, StepColumn Output)
{
    public void Check(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var input in Inputs)
        {
            if (schema.GetColumnOrNull(input.Name) is not { } found)
            {
                throw Missing(input, schema.Where(column => !column.IsHidden).Select(column => column.Name));
            }

            var vector = found.Type as VectorDataViewType;
            CheckType(input, vector?.ItemType ?? found.Type, vector is not null, found.Type.ToString()!);
        }
    }

    public void Check(SchemaShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        foreach (var input in Inputs)
        {
            var index = shape.ToList().FindIndex(column => column.Name == input.Name);
            if (index < 0)
            {
                throw Missing(input, shape.Select(column => column.Name));
            }

            var found = shape[index];
            var isVector = found.Kind != SchemaShape.Column.VectorKind.Scalar;
            CheckType(input, found.ItemType, isVector, isVector ? $"Vector<{found.ItemType}>" : $"{found.ItemType}");
        }
    }

    private UserErrorException Missing(StepColumn input, IEnumerable<string> names) => new(
        $"{Step} reads the column '{input.Name}' ({input.Type}), but the data has only "
        + $"{string.Join(", ", names.Distinct().Select(name => $"'{name}'"))}; add it or name another input column.");

    private void CheckType(StepColumn input, DataViewType itemType, bool isVector, string foundName)
    {
        if (!itemType.Equals(input.Type) || isVector)
        {
            throw new UserErrorException(
                $"{Step} needs the column '{input.Name}' to be of type {input.Type}, but it is {foundName}; "
                + "name another input column or convert it first.");
        }
    }
}
