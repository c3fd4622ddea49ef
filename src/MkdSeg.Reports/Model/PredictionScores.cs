namespace MkdSeg.Reports.Model;

/// <summary>Dice of one prediction, such as that of S_syn or of the ensemble.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cases">The cases.</param>
internal sealed record PredictionScores(string Name, IReadOnlyList<CaseDice> Cases)
{
    /// <summary>Mean over the cases of one structure; NaN where no case has a value.</summary>
    public double StructureMean(int structure) => Mean(Cases.Select(item => item.Dice[structure]));

    /// <summary>Standard deviation over the cases of one structure; NaN where fewer than two cases have a value.</summary>
    public double StructureDeviation(int structure)
    {
        double[] values = [.. Cases.Select(item => item.Dice[structure]).Where(value => !double.IsNaN(value))];
        if (values.Length < 2)
            return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    /// <summary>Mean of the structures' means, as <c>mkdseg evaluate</c> has it.</summary>
    public double OverallMean(int structures) => Mean(Enumerable.Range(0, structures).Select(StructureMean));

    /// <summary>The scores of a case; null where it has none.</summary>
    public CaseDice? Case(string id) => Cases.FirstOrDefault(item => item.CaseId == id);

    /// <summary>The mean of the values that are not NaN; NaN where there is none.</summary>
    public static double Mean(IEnumerable<double> values) =>
        values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>Dice of one case, per structure in the label set's order; NaN where neither mask has a voxel.</summary>
internal sealed record CaseDice(string CaseId, IReadOnlyList<double> Dice)
{
    /// <summary>Mean over the structures that have a value; NaN where none has.</summary>
    public double Mean => PredictionScores.Mean(Dice);
}
