using Microsoft.ML.Data;
using MkdSeg.Common;

namespace MkdSeg.ML.Components;

/// <summary>A column of the user's data that a step reads or writes.</summary>
/// <param name="Name">The column's name in the data.</param>
/// <param name="InnerName">The fixed name by which the step knows it.</param>
/// <param name="Type">The type it must have.</param>
internal sealed record StepColumn(string Name, string InnerName, DataViewType Type)
{
    /// <summary>The column a step writes.</summary>
    public static StepColumn Output((string Name, DataViewType Type) column) =>
        new(Checked(column.Name), StepColumnNames.Output, column.Type);

    /// <summary>The column a step reads in the given place.</summary>
    public static StepColumn Input((string Name, DataViewType Type) column, int place) =>
        new(Checked(column.Name), place == 0 ? StepColumnNames.Input : StepColumnNames.Input + place, column.Type);

    private static string Checked(string name) =>
        string.IsNullOrWhiteSpace(name) ? throw new UserErrorException("A column has no name; give one.") : name;
}
