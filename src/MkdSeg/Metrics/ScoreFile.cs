using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MkdSeg.Common;

namespace MkdSeg.Metrics;

/// <summary>Writes the scores of every case and structure for other programs to read.</summary>
public static class ScoreFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>
    /// A table with one row per prediction, case and structure. A value that is not defined is <c>nan</c>, an infinite
    /// one <c>inf</c>; metrics that were not computed are empty.
    /// </summary>
    /// <param name="tables">What was predicted, by name.</param>
    public static string ToCsv(IReadOnlyList<(string Name, ScoreTable Table)> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var text = new StringBuilder(
            "prediction,case,structure,dice,surface_dice,surface_tolerance_mm,hd95_mm,assd_mm,volume_difference_ml,iou\n");
        foreach (var (name, table) in tables)
        {
            foreach (var scores in table.Cases)
            {
                for (var i = 0; i < table.StructureNames.Count; i++)
                {
                    text.AppendJoin(
                        ',',
                        CsvField.Quote(name),
                        CsvField.Quote(scores.CaseId),
                        CsvField.Quote(table.StructureNames[i]),
                        Number(scores.Dice[i]));
                    text.Append(',');
                    if (scores.Surfaces?[i] is { } surface)
                    {
                        text.AppendJoin(
                            ',',
                            Number(surface.SurfaceDice),
                            Number(scores.SurfaceToleranceMm),
                            Number(surface.Hd95Mm),
                            Number(surface.AssdMm),
                            Number(surface.VolumeDifferenceMl));
                    }
                    else
                    {
                        text.Append(",,,,");
                    }

                    text.Append(',');
                    if (scores.IntersectionOverUnion is { } overlap)
                        text.Append(Number(overlap[i]));
                    text.Append('\n');
                }
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// The same as JSON, with means and with what all voxels together tell. Values that are not finite are the strings "NaN" and "Infinity"; metrics that were
    /// not computed are left out.
    /// </summary>
    /// <param name="tables">What was predicted, by name.</param>
    /// <param name="note">A line about the data.</param>
    public static string ToJson(IReadOnlyList<(string Name, ScoreTable Table)> tables, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
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
        return JsonSerializer.Serialize(document, Json) + "\n";
    }

    private static string Number(double value) =>
        double.IsNaN(value) ? "nan"
        : double.IsPositiveInfinity(value) ? "inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
