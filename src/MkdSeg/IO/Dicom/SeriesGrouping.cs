using System.Globalization;

namespace MkdSeg.IO.Dicom;

/// <summary>Splits the files of one Series Instance UID into stacks that fit together, and says what does not.</summary>
internal static class SeriesGrouping
{
    // As few slices beside a larger stack are strays and no volume of their own.
    private const int MostStrays = 2;

    // What may tell stacks at the same positions apart: phases, echoes, reconstructions.
    private static readonly uint[] StackTags =
    [
        DicomTag.AcquisitionNumber, DicomTag.TemporalPosition, DicomTag.TriggerTime, DicomTag.EchoTime,
        DicomTag.ConvolutionKernel, DicomTag.ImageType,
    ];

    /// <summary>The stacks, the largest first, then what is no scan.</summary>
    /// <param name="files">All files of the series, ordered by path.</param>
    public static IEnumerable<DicomSeries> Split(DicomFile[] files)
    {
        var identity = SeriesIdentity.Of(files);
        var scans = new List<DicomFile>();
        var others = new List<(DicomFile File, string Reason)>();
        foreach (var file in files)
        {
            if (ScanCheck.WhyNoScan(file) is { } reason)
                others.Add((file, reason));
            else
                scans.Add(file);
        }

        var part = 0;
        SeriesIdentity Next() => identity with { Part = ++part };
        foreach (var series in SplitScans(scans, Next))
            yield return series;
        foreach (var group in others.GroupBy(other => other.Reason))
        {
            var its = group.Select(other => other.File).ToArray();
            var next = Next();
            yield return new(
                next,
                DicomSeriesKind.NoScan,
                $"{next.Title} is {group.Key} ('{its[0].Path}'{More(its)}); it is left out.",
                its);
        }
    }

    private static IEnumerable<DicomSeries> SplitScans(List<DicomFile> files, Func<SeriesIdentity> next)
    {
        var damaged = files.Where(file => file.Defect is not null).ToArray();
        var whole = files.Where(file => file.Defect is null).ToArray();
        var groups = whole.Where(file => ScanCheck.WhyNoPlace(file) is null)
            .GroupBy(GeometryKey)
            .Select(group => group.ToArray())
            .OrderByDescending(group => group.Length)
            .ThenBy(group => group[0].Path, StringComparer.Ordinal)
            .ToArray();
        var mixture = groups.Length > 1
            ? "holds images that do not fit together: " + string.Join(
                ", ", groups.Select(group => $"{group.Length} of {group[0].Columns}×{group[0].Rows} ('{group[0].Path}')"))
            : null;
        for (var i = 0; i < groups.Length; i++)
        {
            if (i > 0 && groups[i].Length <= MostStrays && groups[0].Length > groups[i].Length)
            {
                var strays = next();
                yield return new(
                    strays, DicomSeriesKind.NoScan, $"{strays.Title} {mixture}; the few are left out.", groups[i]);
                continue;
            }

            // A damaged slice is missing from the largest stack, as far as can be known.
            foreach (var series in SplitStacks(groups[i], next, i == 0 ? damaged : [], mixture))
                yield return series;
        }

        if (groups.Length == 0 && damaged.Length > 0)
        {
            var identity = next();
            yield return new(
                identity, DicomSeriesKind.BrokenScan, $"{identity.Title} is damaged: {damaged[0].Defect}", damaged);
        }

        var misplaced = whole.Where(file => ScanCheck.WhyNoPlace(file) is not null).ToArray();
        if (misplaced.Length > 0)
        {
            var identity = next();
            yield return new(
                identity,
                DicomSeriesKind.BrokenScan,
                $"{identity.Title} makes no volume: {ScanCheck.WhyNoPlace(misplaced[0])}",
                misplaced);
        }
    }

    private static IEnumerable<DicomSeries> SplitStacks(
        DicomFile[] files, Func<SeriesIdentity> next, DicomFile[] damaged, string? mixture)
    {
        var (distinct, copies) = WithoutCopies(files);
        foreach (var stack in Separate(distinct))
        {
            var identity = next();
            if (damaged.Length > 0)
            {
                yield return new(
                    identity, DicomSeriesKind.BrokenScan, $"{identity.Title} is damaged: {damaged[0].Defect}", stack);
                continue;
            }

            if (SliceStack.FindDouble(stack) is var (first, second))
            {
                yield return new(
                    identity,
                    DicomSeriesKind.BrokenScan,
                    $"{identity.Title} has two different images at one position, '{first.Path}' and '{second.Path}'; keep "
                    + "one of them, or give each phase a series of its own.",
                    stack);
                continue;
            }

            var (built, problem) = SliceStack.Build(identity.Title, stack);
            if (built is null)
            {
                yield return new(identity, DicomSeriesKind.BrokenScan, problem, stack);
                continue;
            }

            var warnings = new List<string>(built.Warnings);
            if (mixture is not null)
                warnings.Add($"{identity.Title} {mixture}; each size, direction and spacing is taken by itself.");
            if (copies.Count > 0)
            {
                warnings.Add(
                    $"{identity.Title} has {copies.Count} {(copies.Count == 1 ? "slice" : "slices")} twice "
                    + $"('{copies[0].Path}'{More(copies)}); each is used once.");
            }

            yield return new(identity, DicomSeriesKind.Scan, null, built.Files) { Stack = built, Warnings = warnings };
        }
    }

    // One object exported twice has one SOP Instance UID.
    private static (DicomFile[] Distinct, List<DicomFile> Copies) WithoutCopies(DicomFile[] files)
    {
        var seen = new Dictionary<string, DicomFile>(StringComparer.Ordinal);
        var distinct = new List<DicomFile>();
        var copies = new List<DicomFile>();
        foreach (var file in files)
        {
            var uid = file.Text(DicomTag.SopInstance);
            if (uid.Length == 0 || seen.TryAdd(uid, file) || seen[uid].Position != file.Position)
                distinct.Add(file);
            else
                copies.Add(file);
        }

        return ([.. distinct], copies);
    }

    private static DicomFile[][] Separate(DicomFile[] files)
    {
        if (SliceStack.FindDouble(files) is null)
            return [files];
        foreach (var tag in StackTags)
        {
            var groups = files.GroupBy(file => file.Text(tag))
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.ToArray())
                .ToArray();
            if (groups.Length > 1 && groups.All(group => SliceStack.FindDouble(group) is null))
                return groups;
        }

        return [files];
    }

    private static string GeometryKey(DicomFile file)
    {
        var (x, y) = file.Axes!.Value;
        var spacing = file.Spacing!.Value;
        // Added to a zero, the sign of a rounded negative zero goes.
        string Cosine(double value) => (Math.Round(value, 2) + 0.0).ToString(CultureInfo.InvariantCulture);
        double[] cosines = [x.X, x.Y, x.Z, y.X, y.Y, y.Z];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Columns} {file.Rows} {spacing.X:0.000} {spacing.Y:0.000} {string.Join(' ', cosines.Select(Cosine))}");
    }

    private static string More(IReadOnlyCollection<DicomFile> files) =>
        files.Count > 1 ? $" and {files.Count - 1} more" : "";
}
