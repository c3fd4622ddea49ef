using System.Text.Json.Nodes;
using MkdSeg.Ensembling;

namespace MkdSeg.Reports.Reading;

/// <summary>Reads how far the segmentors agree, and pairs it with the ensemble's Dice.</summary>
internal static class AgreementReader
{
    /// <summary>Reads the agreement per case and structure from results.json, or otherwise from the segmentors' masks.</summary>
    public static IReadOnlyDictionary<string, double[]> Read(
        ReportSources sources, MaskSet masks, IReadOnlyList<ScoredCase> cases, CancellationToken cancellation)
    {
        var labels = sources.Labels;
        var agreement = FromDetails(sources);
        var members = masks.Members.ToList();
        foreach (var item in cases.Where(item => members.Count > 1 && !agreement.ContainsKey(item.Id)))
        {
            cancellation.ThrowIfCancellationRequested();
            string[] files = [.. members.Select(member => ReportSources.MaskOf(member.Folder, item.Id)).OfType<string>()];
            if (files.Length == members.Count)
            {
                agreement[item.Id] = Agreement.PerStructure(
                    [.. files.Select(file => labels.ToClasses(VolumeFile.ReadLabels(file), file))], labels.ClassCount);
            }
        }

        return agreement;
    }

    /// <summary>Returns the points that have both an agreement and a Dice.</summary>
    public static IReadOnlyList<AgreementPoint> Pair(
        IReadOnlyDictionary<string, double[]> agreement, PredictionScores scores) =>
    [
        .. scores.Cases.Where(item => agreement.ContainsKey(item.CaseId))
            .SelectMany(item => item.Dice.Select((dice, i) =>
                new AgreementPoint(item.CaseId, i + 1, agreement[item.CaseId][i], dice)))
            .Where(point => double.IsFinite(point.Agreement) && double.IsFinite(point.Dice)),
    ];

    /// <summary>Returns Pearson's correlation of agreement and Dice; NaN if either does not vary.</summary>
    public static double Correlation(IReadOnlyList<AgreementPoint> points)
    {
        if (points.Count < 2)
            return double.NaN;
        var (meanX, meanY) = (points.Average(p => p.Agreement), points.Average(p => p.Dice));
        var xy = points.Sum(p => (p.Agreement - meanX) * (p.Dice - meanY));
        var xx = points.Sum(p => (p.Agreement - meanX) * (p.Agreement - meanX));
        var yy = points.Sum(p => (p.Dice - meanY) * (p.Dice - meanY));
        return xy / Math.Sqrt(xx * yy);
    }

    private static Dictionary<string, double[]> FromDetails(ReportSources sources)
    {
        var found = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var names = sources.Labels.Structures.Select(structure => structure.Name).ToList();
        foreach (var item in (sources.ResultsDetails?["cases"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (Lenient.Text(item["case"].Member("name")) is not { } name || item["structures"] is not JsonArray structures)
                continue;
            var values = new double[names.Count];
            Array.Fill(values, double.NaN);
            foreach (var structure in structures.OfType<JsonObject>())
            {
                var index = names.IndexOf(Lenient.Text(structure["name"]) ?? "");
                if (index >= 0)
                    values[index] = Lenient.Number(structure["agreement"]);
            }

            if (values.Any(double.IsFinite))
                found[ScoredCase.CaseId(name)] = values;
        }

        return found;
    }
}
