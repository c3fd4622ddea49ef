using System.Text.Json.Serialization;
using MkdSeg.Experiments.Paper;

namespace MkdSeg.Experiments.Results;

/// <summary>A table with the results of its runs alongside the paper's numbers.</summary>
internal sealed record ResultTable
{
    public required int Number { get; init; }
    public required string Title { get; init; }

    /// <summary>Name of the data set that the runs used; the paper's numbers are for MM-WHS 2017.</summary>
    public required string Dataset { get; init; }

    public required string TargetModality { get; init; }
    public required string AssistantModality { get; init; }
    public required ExperimentSetting Setting { get; init; }

    /// <summary>Number of annotated target volumes per run; null with folds.</summary>
    public int? TargetVolumes { get; init; }

    public required int TestVolumes { get; init; }
    public required int Iterations { get; init; }

    /// <summary>In the long setting, the number of assistant slices in one pass.</summary>
    public int? AssistantSlices { get; init; }

    /// <summary>In the long setting, one curve per row; curves have their own files.</summary>
    [JsonIgnore]
    public IReadOnlyList<DiceCurve> Curves { get; init; } = [];
    public required CropRule Crop { get; init; }
    public required string Command { get; init; }

    /// <summary>Names of the structures, in the order of all values.</summary>
    public required IReadOnlyList<string> Structures { get; init; }

    public required double SurfaceToleranceMm { get; init; }
    public required IReadOnlyList<ResultRow> Rows { get; init; }
    public required int FinishedRuns { get; init; }

    /// <summary>Hours of training and scoring, summed over all finished runs.</summary>
    public required double Hours { get; init; }

    /// <summary>Unfinished runs, with the reason where a run failed.</summary>
    public required IReadOnlyList<string> MissingRuns { get; init; }

    /// <summary>Versions of the program and its engines that produced the runs; one text if they are all the same.</summary>
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

    /// <summary>Mean Dice minus the reference row's, over runs on the same volumes.</summary>
    public Statistic? Difference { get; init; }

    /// <summary>Surface Dice, mean of the structures.</summary>
    public required Statistic SurfaceDice { get; init; }

    /// <summary>HD95 in mm, mean of the structures; infinite if a structure was missed entirely in a case.</summary>
    public required Statistic Hd95Mm { get; init; }

    /// <summary>Average symmetric surface distance in mm, likewise.</summary>
    public required Statistic AssdMm { get; init; }

    /// <summary>Over all runs, the number of structures per case missed entirely, or found where there are none.</summary>
    public required int Missed { get; init; }

    /// <summary>The paper's numbers; null where the paper does not have the row.</summary>
    public PaperRow? Paper { get; init; }

    /// <summary>The paper's difference of means.</summary>
    public double? PaperDifference { get; init; }
}

/// <summary>A mean over runs with its sample standard deviation (n − 1), null for fewer than two runs.</summary>
internal sealed record Statistic(double Mean, double? StandardDeviation, int Count)
{
    /// <summary>Computes mean and standard deviation, ignoring NaN.</summary>
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
