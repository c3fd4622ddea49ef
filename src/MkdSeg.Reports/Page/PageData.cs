using System.Text.Json;

namespace MkdSeg.Reports.Page;

/// <summary>The data of a report, as read by its charts and viewer.</summary>
internal static class PageData
{
    // The default encoder escapes <, > and &, so no value can end the surrounding element.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The loss groups: title, axis, whether the axis is logarithmic, and the prefix of column names.</summary>
    private static readonly (string Title, string Axis, bool IsLogarithmic, string Prefix)[] Groups =
    [
        ("Supervised losses", "loss", true, "L_sup"),
        ("Distillation losses", "loss", true, "L_kd"),
        ("Cycle losses", "loss", true, "L_cyc"),
        ("Adversarial losses", "loss", true, "L_adv"),
        ("Learning rates", "learning rate", false, "lr_"),
        ("Other columns", "value", false, ""),
    ];

    public static string Json(ReportModel model) => JsonSerializer.Serialize(
        new
        {
            structures = model.Labels.Structures.Select(structure => new
            {
                index = structure.ClassIndex, name = structure.Name, colour = structure.Color,
            }),
            predictions = model.Predictions.Select(prediction => new
            {
                name = prediction.Name,
                cases = prediction.Cases.Select(item => item.CaseId),
                dice = model.Labels.Structures.Select((_, i) =>
                    prediction.Cases.Select(item => item.Dice[i]).Where(double.IsFinite)),
            }),
            agreement = model.Agreement.Select(point => new
            {
                @case = point.CaseId, structure = point.ClassIndex, agreement = point.Agreement, dice = point.Dice,
            }),
            curves = new
            {
                stages = (model.Curves?.Stages ?? []).Select(stage => new { name = stage.Name, first = stage.First }),
                groups = ChartGroups(model).Select(group => new
                {
                    hasStages = !group.HasOwnCount,
                    iterations = group.Iterations,
                    axis = group.Axis,
                    isLogarithmic = group.IsLogarithmic,
                    lower = AxisLimits.Of(group).Lower,
                    upper = AxisLimits.Of(group).Upper,
                    curves = group.Curves.Select(curve => new
                    {
                        name = curve.Name,
                        values = curve.Values.Select(value => double.IsFinite(value) ? value : (double?)null),
                    }),
                }),
            },
            viewer = model.ViewerCases.Select((item, i) => new
            {
                caseId = item.CaseId,
                lower = item.Lower,
                upper = item.Upper,
                centre = new[] { item.CentreMm.X, item.CentreMm.Y, item.CentreMm.Z },
                image = ImageElement(i),
                masks = item.Masks.Select((mask, m) => new { name = mask.Name, element = MaskElement(i, m) }),
            }),
        },
        Options);

    /// <summary>Returns all groups of curves in the order of their charts: training, validation, locator.</summary>
    public static IReadOnlyList<CurveGroup> ChartGroups(ReportModel model) =>
    [
        .. model.Curves is { } curves ? CurveGroups(curves) : [],
        .. model.Validation,
        .. model.Locator is { } locator ? LocatorGroups(locator) : [],
    ];

    /// <summary>Groups losses and learning rates by chart; charts without curves are left out.</summary>
    public static IReadOnlyList<CurveGroup> CurveGroups(CurveTable curves)
    {
        var left = curves.Columns.ToList();
        var groups = new List<CurveGroup>();
        foreach (var (title, axis, isLogarithmic, prefix) in Groups)
        {
            var members = left.Where(curve => curve.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
            left = [.. left.Except(members)];
            if (members.Count > 0)
                groups.Add(Group(title, axis, isLogarithmic, curves, members));
        }

        return groups;
    }

    // One network with one rate; the column of the other rate is 0.
    private static IEnumerable<CurveGroup> LocatorGroups(CurveTable locator)
    {
        var curves = locator.Columns.Where(curve => curve.Values.Any(value => value != 0))
            .ToLookup(curve => curve.Name.StartsWith("lr_", StringComparison.OrdinalIgnoreCase));
        if (curves[false].Any())
            yield return Group("Locator: loss", "loss", true, locator, [.. curves[false]]) with { HasOwnCount = true };
        if (curves[true].Any())
        {
            yield return Group("Locator: learning rate", "learning rate", false, locator, [.. curves[true]]) with
            {
                HasOwnCount = true,
            };
        }
    }

    // A logarithm needs values above 0.
    private static CurveGroup Group(
        string title, string axis, bool isLogarithmic, CurveTable table, IReadOnlyList<Curve> curves) => new(
        title,
        axis,
        isLogarithmic && curves.All(curve => curve.Values.All(value => !(value <= 0))),
        table.Iterations,
        curves);

    public static string ImageElement(int item) => $"volume-{item}-image";

    public static string MaskElement(int item, int mask) => $"volume-{item}-mask-{mask}";
}
