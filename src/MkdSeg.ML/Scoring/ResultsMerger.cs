using MkdSeg.Common;

namespace MkdSeg.ML.Scoring;

/// <summary>Joins the results of the parts into which a folder was divided.</summary>
internal static class ResultsMerger
{
    /// <summary>Writes results.csv and results.json from results.part-1-of-n.json to results.part-n-of-n.json.</summary>
    /// <param name="outputFolder">The folder into which all parts wrote.</param>
    /// <exception cref="UserErrorException">
    /// There are no parts, one is missing or was stopped, or they differ in model or settings.
    /// </exception>
    public static ScoringSummary Merge(string outputFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        if (!Directory.Exists(outputFolder))
            throw new UserErrorException($"The folder {outputFolder} does not exist; name the output folder of the parts.");
        var parts = ResultsFiles.Parts(outputFolder).OrderBy(part => part.Shard.Index).ToArray();
        int[] counts = [.. parts.Select(part => part.Shard.Count).Distinct().Order()];
        if (counts is not [var count])
        {
            throw new UserErrorException(counts.Length == 0
                ? $"The folder {outputFolder} holds no results of parts; score the parts first."
                : $"The folder {outputFolder} holds parts of {string.Join(" and of ", counts)}; delete the results.part-* "
                    + "files of those that do not count.");
        }

        int[] missing = [.. Enumerable.Range(1, count).Except(parts.Select(part => part.Shard.Index))];
        if (missing.Length > 0)
        {
            throw new UserErrorException(
                $"Of {count} parts {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing in "
                + $"{outputFolder}; score {string.Join(", ", missing.Select(i => $"part {i}/{count}"))} first.");
        }

        ResultsDocument[] documents = [.. parts.Select(part => StrictJson.Load<ResultsDocument>(part.Path))];
        for (var i = 0; i < count; i++)
        {
            if (!documents[i].IsComplete)
            {
                throw new UserErrorException(
                    $"Part {i + 1} of {count} was stopped before its end; score part {i + 1}/{count} again, it goes on "
                    + "where it stopped.");
            }

            if (documents[i].ModelSha256 != documents[0].ModelSha256 || documents[i].Settings != documents[0].Settings)
            {
                throw new UserErrorException(
                    $"Parts 1 and {i + 1} of {count} in {outputFolder} were scored with different models or settings; score "
                    + "one of them again.");
            }
        }

        var merged = documents[0] with
        {
            Part = null,
            // Case k lies in part k mod n.
            Cases =
            [
                .. Enumerable.Range(0, documents.Max(document => document.Cases.Count))
                    .SelectMany(k => documents.Where(document => k < document.Cases.Count).Select(document => document.Cases[k])),
            ],
        };
        var csv = ResultsFiles.CsvPath(outputFolder, null);
        ResultsFiles.Write(csv, merged);
        return new(merged.Cases, IsCancelled: false, csv);
    }
}
