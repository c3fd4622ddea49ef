using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Scoring;

/// <summary>Scores series sequentially into one folder, and records each.</summary>
/// <param name="scorer">The model.</param>
/// <param name="ledger">The records.</param>
internal sealed class SeriesScorer(FolderScorer scorer, SeriesLedger ledger)
{
    // A series that repeatedly ends the program must not block the others.
    private const int MostAttempts = 3;

    /// <summary>The modality of the series that the model accepts, in DICOM's spelling.</summary>
    public string Modality => scorer.Modality.ToUpperInvariant();

    /// <summary>Whether everything in a series was scored successfully with this model and these settings.</summary>
    public bool IsFinished(SeriesRecord record) =>
        record.Results.Count > 0 && record.Results.All(result => scorer.IsFinished(result, ledger.OutputFolder));

    /// <summary>Scores a series; null if it was cancelled.</summary>
    /// <param name="title">Its name in messages.</param>
    /// <param name="uid">Its Series Instance UID.</param>
    /// <param name="instances">Its SOP Instance UIDs.</param>
    /// <param name="files">Its files.</param>
    /// <param name="progress">Receives every stage.</param>
    /// <param name="cancellation">Abandons it; next time, it is scored from the beginning.</param>
    /// <exception cref="UserErrorException">The output folder cannot be written to.</exception>
    public SeriesRecord? Score(
        string title,
        string uid,
        IReadOnlyCollection<string> instances,
        IReadOnlyList<string> files,
        IProgress<ScoringProgress>? progress,
        CancellationToken cancellation)
    {
        var (earlier, images) = (ledger.Find(uid), SeriesRecord.HashOf(instances));
        var attempts = earlier is { Results.Count: 0 } && earlier.Images == images ? earlier.Attempts : 0;
        var record = new SeriesRecord
        {
            Title = title,
            Uid = uid,
            Images = images,
            ImageCount = instances.Count,
            Attempts = attempts + 1,
            Deliveries = earlier?.Deliveries ?? [],
        };
        var names = ledger.Records.Where(other => other.Uid != uid)
            .SelectMany(other => other.Results.Select(result => (result.Case.Name, other.Title)))
            .ToLookup(pair => pair.Name, pair => pair.Title, StringComparer.OrdinalIgnoreCase);
        ScoringCase[] cases = [.. SeriesSearch.Sort(files).Select(ListedVolume.OfSeries).Select(found => Check(
            ScoringCase.FromListed(found, scorer.Modality)))];
        ledger.Save(record);
        // There are no cases if no file is DICOM any longer.
        var summary = scorer.Score(
            cases,
            [.. ledger.Records.Where(other => other.Uid != uid).SelectMany(other => other.Results)],
            ledger.OutputFolder,
            progress,
            cancellation);
        if (summary.IsCancelled)
        {
            ledger.Save(earlier ?? record with { Attempts = attempts });
            return null;
        }

        return ledger.Save(record with
        {
            Attempts = 0,
            Scored = DateTimeOffset.UtcNow,
            Results = summary.Cases,
            Objects = [.. summary.Cases.Where(result => result.IsWritten).SelectMany(result => ObjectsOf(result.Case.Name))],
        });

        ScoringCase Check(ScoringCase item) => attempts >= MostAttempts
            ? item with
            {
                Problem = $"The program ended {attempts} times while working on {title}, which is skipped until the next "
                    + "start.",
            }
            : names[item.Name].FirstOrDefault() is { } other
                ? item with { Problem = $"{title} would have the same name as {other}; score it into another output folder." }
                : item;
    }

    /// <summary>Describes each row of a series in one line.</summary>
    public static IEnumerable<string> Lines(SeriesRecord record) => record.Results.Select(result => result.Status switch
    {
        CaseStatus.Ok =>
            $"{result.Case.Name}: ok ({record.Title}, {record.ImageCount} images, {result.Seconds.Values.Sum():0.0} s)",
        CaseStatus.LeftOut => $"left out: {result.Reason}",
        _ => $"{result.Case.Name}: {result.Status.ToString().ToLowerInvariant()}: {result.Reason}",
    });

    private IEnumerable<ResultObject> ObjectsOf(string name)
    {
        var (seg, pictures) = (name + DicomSegmentation.Suffix, Path.Combine(ledger.OutputFolder, name + DicomOverlay.Suffix));
        if (scorer.Formats.HasFlag(MaskFormats.DicomSeg) && File.Exists(Path.Combine(ledger.OutputFolder, seg)))
            yield return Read(seg);
        if (!scorer.Formats.HasFlag(MaskFormats.Overlay) || !Directory.Exists(pictures))
            yield break;
        foreach (var file in Directory.EnumerateFiles(pictures, "*.dcm").Order(StringComparer.Ordinal))
            yield return Read(Path.GetRelativePath(ledger.OutputFolder, file));
    }

    private ResultObject Read(string file)
    {
        var image = DicomParser.Read(Path.Combine(ledger.OutputFolder, file))!.Images.First();
        return new(file, image.Text(DicomTag.StudyInstance), image.SeriesUid, image.Text(DicomTag.SopInstance));
    }
}
