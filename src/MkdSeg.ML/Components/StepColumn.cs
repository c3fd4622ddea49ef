using Microsoft.ML.Data;

namespace MkdSeg.ML.Components;

/// <summary>A column of the user's data that a step reads or writes.</summary>
/// <param name="Name">The column's name in the data.</param>
/// <param name="InnerName">The fixed name by which the step knows it.</param>
/// <param name="Type">The type it must have.</param>
internal sealed record StepColumn(string Name, string InnerName, DataViewType Type)
{
    public static StepColumn Input(string name, DataViewType type, string innerName = StepColumnNames.Input) =>
        new(Named(name), innerName, type);

    public static StepColumn Output(string name, DataViewType type) => new(Named(name), StepColumnNames.Output, type);

    private static string Named(string name) =>
        string.IsNullOrWhiteSpace(name) ? throw new UserErrorException("A column has no name; give one.") : name;
}
