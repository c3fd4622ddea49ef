using System.Text;

namespace MkdSeg.Metrics;

/// <summary>Writes the scores of every case and structure for other programs to read.</summary>
internal static class ScoreFile
{
    /// <summary>Writes a row per prediction, case and structure: nan if undefined, inf, empty if not computed.</summary>
    public static string ToCsv(IReadOnlyList<(string Name, ScoreTable Table)> tables)
    {
        var text = new StringBuilder(
            "prediction,case,structure,dice,surface_dice,surface_tolerance_mm,hd95_mm,assd_mm,volume_difference_ml,iou\n");
        foreach (var (name, table) in tables)
        {
            foreach (var scores in table.Cases)
            {
                for (var i = 0; i < table.StructureNames.Count; i++)
                {
                    var surface = scores.Surfaces?[i];
                    text.AppendJoin(
                        ',',
                        CsvField.Quote(name),
                        CsvField.Quote(scores.CaseId),
                        CsvField.Quote(table.StructureNames[i]),
                        Number(scores.Dice[i]),
                        Number(surface?.SurfaceDice),
                        Number(surface is null ? null : scores.SurfaceToleranceMm),
                        Number(surface?.Hd95Mm),
                        Number(surface?.AssdMm),
                        Number(surface?.VolumeDifferenceMl),
                        Number(scores.IntersectionOverUnion?[i]));
                    text.Append('\n');
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Writes JSON with means and overall values: "NaN" if undefined, "Infinity", omitted if not computed.</summary>
    public static string ToJson(IReadOnlyList<(string Name, ScoreTable Table)> tables, string? note = null)
    {
        var document = new
        {
            Note = note,
            Predictions = tables.Select(row => new
            {
                row.Name,
                MeanDice = row.Table.Mean,
                Overall = row.Table.Overall is not { } all ? null : row.Table.StructureNames.Select((name, i) => new
                {
                    Name = name,
                    Dice = all.Dice[i],
                    IntersectionOverUnion = all.IntersectionOverUnion?[i],
                }),
                Cases = row.Table.Cases.Select(scores => new
                {
                    Case = scores.CaseId,
                    SurfaceToleranceMm = scores.Surfaces is null ? null : (double?)scores.SurfaceToleranceMm,
                    Structures = row.Table.StructureNames.Select((name, i) => new
                    {
                        Name = name,
                        Dice = scores.Dice[i],
                        IntersectionOverUnion = scores.IntersectionOverUnion?[i],
                        scores.Surfaces?[i].SurfaceDice,
                        scores.Surfaces?[i].Hd95Mm,
                        scores.Surfaces?[i].AssdMm,
                        scores.Surfaces?[i].VolumeDifferenceMl,
                    }),
                }),
            }),
        };
        return StrictJson.Format(document);
    }

    private static string Number(double? value) => value switch
    {
        null => "",
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        { } number => number.ToString("R", CultureInfo.InvariantCulture),
    };
}
