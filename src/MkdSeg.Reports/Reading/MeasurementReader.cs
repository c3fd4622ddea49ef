using System.Globalization;

namespace MkdSeg.Reports.Reading;

/// <summary>What <c>mkdseg score</c> measured on each case, from results.csv.</summary>
internal static class MeasurementReader
{
    // Measurements that not every case has, with their headings.
    private static readonly (string Column, string Title, string Format)[] OfHeart =
    [
        ("lv_mass_g", "LV mass, g", "0"),
        ("aorta_mm", "Aorta, mm", "0.0"),
        ("pulmonary_trunk_mm", "Pulmonary trunk, mm", "0.0"),
        ("pulmonary_to_aorta", "Trunk ÷ aorta", "0.00"),
        ("contrast_phase", "Contrast", ""),
    ];

    /// <summary>Returns the table; null if the results have no measurements. Columns without any value are left out.</summary>
    public static MeasurementTable? Read(ReportSources sources)
    {
        if (sources.Results is not { } table || table.Find("contrast_phase") < 0)
            return null;
        var rows = table.Rows.Where(row => table.Field(row, "status") is "ok" or "doubtful").ToList();
        string[] names = [.. sources.Labels.Structures.Select(structure => structure.Name).Where(name => table.Find($"{name}_ml") >= 0)];
        var heart = OfHeart.Where(column => rows.Any(row => table.Field(row, column.Column).Length > 0)).ToArray();
        return rows.Count == 0 ? null : new(
            [.. names.Select(name => $"{name}, mL"), .. heart.Select(column => column.Title)],
            [
                .. rows.Select(row => new MeasurementRow(
                    ScoredCase.CaseId(table.Field(row, "case")),
                    [
                        .. names.Select(name => (
                            (table.Field(row, $"{name}_is_cut") == "yes" ? "≥ " : "") + Text(table.Field(row, $"{name}_ml"), "0.0"),
                            table.Field(row, $"{name}_hu_mean") is { Length: > 0 } mean
                                ? $"{Text(mean, "0")} ± {Text(table.Field(row, $"{name}_hu_sd"), "0")} HU"
                                : "")),
                        .. heart.Select(column => (Text(table.Field(row, column.Column), column.Format), "")),
                    ])),
            ]);
    }

    private static string Text(string field, string format) =>
        CsvTable.Number(field) is var number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture)
        : field.Length > 0 ? field
        : "–";
}
