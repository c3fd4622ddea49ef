using System.Text.Json.Serialization;
using MkdSeg.Experiments.Paper;

namespace MkdSeg.Experiments.Results;

/// <summary>A table with what its runs gave, beside the paper's numbers.</summary>
internal sealed record ResultTable
{
    public required int Number { get; init; }
    public required string Title { get; init; }

    /// <summary>Name of the data set that the runs used; the paper's numbers are those of MM-WHS 2017.</summary>
    public required string Dataset { get; init; }

    public required string TargetModality { get; init; }
    public required string AssistantModality { get; init; }
    public required ExperimentSetting Setting { get; init; }

    /// <summary>Annotated target volumes of a run; null with folds.</summary>
    public int? TargetVolumes { get; init; }

    public required int TestVolumes { get; init; }
    public required int Iterations { get; init; }

    /// <summary>In the long setting, the slices that passes are counted by.</summary>
    public int? AssistantSlices { get; init; }

    /// <summary>In the long setting a curve per row; they have files of their own.</summary>
    [JsonIgnore]
    public IReadOnlyList<DiceCurve> Curves { get; init; } = [];
    public required CropRule Crop { get; init; }
    public required string Command { get; init; }

    /// <summary>Names of the structures, in the order of all values.</summary>
    public required IReadOnlyList<string> Structures { get; init; }

    public required double SurfaceToleranceMm { get; init; }
    public required IReadOnlyList<ResultRow> Rows { get; init; }
    public required int FinishedRuns { get; init; }

    /// <summary>Hours that training and scoring took, over all finished runs.</summary>
    public required double Hours { get; init; }

    /// <summary>Runs that are not finished, and why.</summary>
    public required IReadOnlyList<string> MissingRuns { get; init; }

    /// <summary>Versions of the program and its engines that made the runs; one text where all have the same.</summary>
    public required IReadOnlyList<string> ToolVersions { get; init; }
}

internal sealed record ResultRow
{
    public required string Name { get; init; }
    public required string Method { get; init; }
    public required RowMember Member { get; init; }
    public required int PlannedRuns { get; init; }

    /// <summary>Dice per structure: means over test cases, then mean and standard deviation over runs.</summary>
    public required IReadOnlyList<Statistic> Structures { get; init; }

    /// <summary>Mean Dice: the mean of a run's structures, then mean and standard deviation over runs.</summary>
    public required Statistic Mean { get; init; }

    /// <summary>Mean Dice minus that of the row compared with, over runs on the same volumes.</summary>
    public Statistic? Difference { get; init; }

    /// <summary>Surface Dice, mean of the structures.</summary>
    public required Statistic SurfaceDice { get; init; }

    /// <summary>HD95 in mm, mean of the structures; infinite where a structure was missed altogether in a case.</summary>
    public required Statistic Hd95Mm { get; init; }

    /// <summary>Average symmetric surface distance in mm, likewise.</summary>
    public required Statistic AssdMm { get; init; }

    /// <summary>Over all runs, structures of cases that were missed altogether, or found where there are none.</summary>
    public required int Missed { get; init; }

    /// <summary>The paper's numbers; null where the paper does not have the row.</summary>
    public PaperRow? Paper { get; init; }

    /// <summary>The paper's difference of means.</summary>
    public double? PaperDifference { get; init; }
}

/// <summary>A mean over runs with its sample standard deviation (n − 1), null for fewer than two runs.</summary>
internal sealed record Statistic(double Mean, double? StandardDeviation, int Count)
{
    /// <summary>Mean and standard deviation; values that are NaN are left out.</summary>
    public static Statistic Of(IEnumerable<double> values)
    {
        double[] numbers = [.. values.Where(value => !double.IsNaN(value))];
        if (numbers.Length == 0)
            return new(double.NaN, null, 0);
        var mean = numbers.Average();
        var deviation = numbers.Length < 2 || !double.IsFinite(mean)
            ? (double?)null
            : Math.Sqrt(numbers.Sum(value => (value - mean) * (value - mean)) / (numbers.Length - 1));
        return new(mean, deviation, numbers.Length);
    }
}
