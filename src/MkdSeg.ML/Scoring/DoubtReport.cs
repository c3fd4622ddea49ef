using System.Globalization;
using System.Text;
using MkdSeg.IO;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Checks whether a model's doubts are justified, from its scoring results for annotated cases. Measures the thresholds of a
/// bundle (docs/quality-thresholds.md).
/// </summary>
internal sealed class DoubtReport
{
    private readonly (CaseResult Result, bool IsBad)[] _cases;
    private readonly double _leastDice;

    private DoubtReport((CaseResult Result, bool IsBad)[] cases, double leastDice)
    {
        (_cases, _leastDice) = (cases, leastDice);
        Agreement = new(cases.Select(item => (item.Result.Agreement ?? 0, item.IsBad)));
    }

    /// <summary>How well the segmentors' agreement separates bad cases from good ones; it is 0 where nothing was found.</summary>
    public RocCurve Agreement { get; }

    /// <summary>Reads the scoring results for the cases of a table.</summary>
    /// <param name="folder">The folder of masks with the results.json of <c>mkdseg score</c>.</param>
    /// <param name="table">Dice of its masks; a case without a mask is bad.</param>
    /// <param name="leastDice">A case with a mean Dice below this is bad.</param>
    /// <exception cref="UserErrorException">There are no results, or they do not include both good and bad cases.</exception>
    public static DoubtReport Read(string folder, ScoreTable table, double leastDice)
    {
        var path = ResultsFiles.JsonPath(ResultsFiles.CsvPath(folder, null));
        if (!File.Exists(path))
        {
            throw new UserErrorException(
                $"{path} does not exist; --doubts needs the output folder of mkdseg score, which lists its doubts.");
        }

        var dice = table.Cases.ToDictionary(scores => scores.CaseId, scores => scores.Mean);
        (CaseResult Result, bool IsBad)[] cases =
        [
            .. StrictJson.Load<ResultsDocument>(path).Cases
                .Where(result => result.IsWritten ? dice.ContainsKey(Name(result)) : result.Status == CaseStatus.Failed)
                .Select(result => (result, !(dice.TryGetValue(Name(result), out var mean) && mean >= leastDice))),
        ];
        var bad = cases.Count(item => item.IsBad);
        return bad > 0 && bad < cases.Length
            ? new(cases, leastDice)
            : throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture,
                $"Of {cases.Length} cases, {bad} have a mean Dice below {leastDice:0.##}; --doubts needs good and bad cases."));

        static string Name(CaseResult result) => VolumeListing.CaseName($"{result.Case.Name}.nii.gz");
    }

    /// <summary>Returns the number of bad or good cases with a status.</summary>
    public int Count(CaseStatus status, bool isBad) =>
        _cases.Count(item => item.Result.Status == status && item.IsBad == isBad);

    /// <summary>Returns the report as lines of text.</summary>
    public override string ToString()
    {
        var (text, bad, good) = (new StringBuilder(), Agreement.BadCount, Agreement.Count - Agreement.BadCount);
        Line($"{bad} of {bad + good} cases have a mean Dice below {_leastDice:0.##}.");
        Line($"Agreement of the segmentors: area under the ROC curve {Agreement.Area:0.000}.");
        var best = Agreement.BestThreshold();
        var (found, wrong) = Agreement.Below(best);
        Line($"Best agreement threshold: {best:0.000}; below it are {found} of {bad} bad and {wrong} of {good} good cases.");
        foreach (var status in _cases.Select(item => item.Result.Status).Distinct().Order())
            Line($"{status}: {Count(status, isBad: true)} bad and {Count(status, isBad: false)} good cases.");

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
