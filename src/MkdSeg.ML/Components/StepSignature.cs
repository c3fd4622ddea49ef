using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Common;

namespace MkdSeg.ML.Components;

/// <summary>A step's name with the columns it reads and the one it writes; checks data against it.</summary>
internal sealed record StepSignature
{
    /// <summary>Creates a signature.</summary>
    /// <param name="step">What messages call the step.</param>
    /// <param name="output">The column it writes.</param>
    /// <param name="inputs">The columns it reads, in the order of its row class.</param>
    public StepSignature(
        string step,
        (string Name, DataViewType Type) output,
        params IEnumerable<(string Name, DataViewType Type)> inputs)
    {
        Step = step;
        Output = StepColumn.Output(output);
        Inputs = [.. inputs.Select(StepColumn.Input)];
    }

    public string Step { get; }

    public StepColumn Output { get; private init; }

    public IReadOnlyList<StepColumn> Inputs { get; private init; }

    /// <summary>Names of columns that the step makes and drops again: data with such a column would lose it.</summary>
    private IReadOnlyList<string> Transients { get; init; } = [];

    public StepSignature Without(IReadOnlyCollection<string> inputs) =>
        this with { Inputs = [.. Inputs.Where(input => !inputs.Contains(input.Name))] };

    public StepSignature WithOutput((string Name, DataViewType Type) output) =>
        this with { Output = StepColumn.Output(output) };

    public StepSignature WithTransients(IReadOnlyList<string> names) => names.Contains(Output.Name)
        ? throw Taken(Output.Name)
        : this with { Transients = names };

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

        CheckTransients(schema.Select(column => column.Name));
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

        CheckTransients(shape.Select(column => column.Name));
    }

    private UserErrorException Missing(StepColumn input, IEnumerable<string> names) => new(
        $"{Step} reads the column '{input.Name}' ({input.Type}), but the data has only "
        + $"{string.Join(", ", names.Distinct().Select(name => $"'{name}'"))}; add it or name another input column.");

    private void CheckTransients(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(Transients.Contains) is { } taken)
            throw Taken(taken);
    }

    private UserErrorException Taken(string name) => new(
        $"{Step} names its values after the structures, and the column '{name}' has the name of one; rename the column.");

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
