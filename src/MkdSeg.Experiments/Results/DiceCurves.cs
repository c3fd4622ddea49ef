using System.Globalization;
using System.Text;
using MkdSeg.Experiments.Running;

namespace MkdSeg.Experiments.Results;

/// <summary>Mean Dice of the test volumes during training of a row, mean and deviation over its finished runs.</summary>
internal sealed record DiceCurve(string Row, string Method, RowMember Member, IReadOnlyList<DicePoint> Points)
{
    /// <summary>Returns a row's curve; it has no points if no finished run was scored during training.</summary>
    public static DiceCurve Of(PlannedRow row, IReadOnlyList<RunFolder> runs, LongSchedule schedule) => new(
        row.Row.Name,
        row.Row.Method,
        row.Row.Member,
        [
            .. runs.SelectMany(run => run.ReadCurve(row.Row.Member))
                .GroupBy(point => point.Iteration, point => point.Dice)
                .OrderBy(points => points.Key)
                .Select(points => new DicePoint(points.Key, schedule.PassesOf(points.Key), Statistic.Of(points))),
        ]);

    /// <summary>Formats one line per table row and point.</summary>
    public static string ToCsv(IEnumerable<DiceCurve> curves)
    {
        var text = new StringBuilder("row,method,member,iteration,passes,dice,dice_sd,runs\n");
        foreach (var curve in curves)
        {
            foreach (var (iteration, passes, dice) in curve.Points)
            {
                text.Append(CultureInfo.InvariantCulture, $"\"{curve.Row}\",{curve.Method},{curve.Member},{iteration},")
                    .Append(CultureInfo.InvariantCulture, $"{passes:0.###},{dice.Mean:0.######},")
                    .Append(CultureInfo.InvariantCulture, $"{dice.StandardDeviation:0.######},{dice.Count}\n");
            }
        }

        return text.ToString();
    }
}

/// <summary>A point on a curve; iterations are counted over all stages, passes over the assistant's slices.</summary>
internal sealed record DicePoint(long Iteration, double Passes, Statistic Dice);
