using System.Security.Cryptography;

namespace MkdSeg.IO.Dicom;

/// <summary>Splits the images of one Series Instance UID into stacks that fit together, and reports the rest.</summary>
internal static class SeriesGrouping
{
    // So few slices next to a larger stack are strays, not a separate volume.
    private const int MostStrays = 2;

    // Fraction of positions that two stacks have in common if they are phases, energies or the like of one scan.
    private const double LeastCommon = 0.8;

    // Scanners round spacings and cosines.
    private const double SpacingTolerance = 1e-3;
    private const double CosineTolerance = 1e-2;

    // Elements that may distinguish stacks at the same positions: phases, echoes, energies, contrast, reconstructions.
    private static readonly uint[] StackTags =
    [
        DicomTag.PhaseOfCycle, DicomTag.TriggerDelay, DicomTag.TriggerTime, DicomTag.TemporalPositionIndex,
        DicomTag.TemporalPosition, DicomTag.StackId, DicomTag.EchoTime, DicomTag.TubeVoltage, DicomTag.ContrastAgent,
        DicomTag.AcquisitionNumber, DicomTag.ConvolutionKernel, DicomTag.ImageType, DicomTag.AcquisitionTime,
        DicomTag.ContentTime,
    ];

    /// <summary>Returns the stacks of images ordered by path, the largest first, then images that are not scans.</summary>
    public static IEnumerable<DicomSeries> Split(DicomImage[] images)
    {
        var identity = SeriesIdentity.Of(images);
        var others = images.Select(image => (Image: image, Reason: ScanCheck.WhyNoScan(image))).ToLookup(
            pair => pair.Reason ?? "", pair => pair.Image);
        var part = 0;
        SeriesIdentity Next() => identity with { Part = ++part };

        // One UID for several patients, studies or frames of reference is a mistake of the writer. An image that does not state
        // its own belongs to the others.
        string Owner(DicomImage image, uint tag) => image.Text(tag) is { Length: > 0 } own ? own
            : others[""].Select(other => other.Text(tag)).FirstOrDefault(text => text.Length > 0) ?? "";
        var owners = others[""]
            .GroupBy(image => (
                Owner(image, DicomTag.PatientId), Owner(image, DicomTag.StudyInstance), Owner(image, DicomTag.FrameOfReference)))
            .Select(group => group.ToList())
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group[0].Path, StringComparer.Ordinal)
            .ToArray();
        var mixture = owners.Length > 1
            ? $"contains images of {owners.Length} patients, studies or frames of reference under one UID; each is read "
                + "separately."
            : null;
        foreach (var scan in owners.SelectMany(scans => SplitScans(scans, Next, mixture)))
            yield return scan;
        foreach (var group in others.Where(group => group.Key.Length > 0))
        {
            var what = $"is {group.Key} ('{group.First().Path}'{More(group.Count())}); it is left out.";
            yield return Problem(Next(), DicomSeriesKind.NoScan, what, [.. group]);
        }
    }

    private static IEnumerable<DicomSeries> SplitScans(List<DicomImage> images, Func<SeriesIdentity> next, string? warning)
    {
        var damaged = images.Where(image => image.Defect is not null).ToArray();
        var whole = images.Where(image => image.Defect is null).ToArray();
        var groups = new List<List<DicomImage>>();
        foreach (var image in whole.Where(image => ScanCheck.WhyNoPlace(image) is null))
        {
            if (groups.Find(group => HaveOneGeometry(group[0], image)) is { } known)
                known.Add(image);
            else
                groups.Add([image]);
        }

        groups = [.. groups.OrderByDescending(group => group.Count).ThenBy(group => group[0].Path, StringComparer.Ordinal)];
        var mixture = groups.Count > 1
            ? "contains images that do not fit together: " + string.Join(
                ", ", groups.Select(group => $"{group.Count} of {group[0].Columns}×{group[0].Rows} ('{group[0].Path}')"))
            : null;
        var strays = groups.Skip(1).Where(group => group.Count <= MostStrays && groups[0].Count > group.Count).ToArray();
        var stacks = groups.Except(strays).ToArray();
        // Stacks in one direction that each cover only part of the scan are not separate volumes.
        if (stacks.Length > 1 && stacks.Skip(1).Any(stack => IsPartOfRange(stacks[0], stack)))
        {
            yield return Broken(
                next(),
                $"{mixture}, and each covers only part of the scan; export it again in one size.",
                [.. stacks.SelectMany(stack => stack)]);
            stacks = [];
        }

        for (var i = 0; i < stacks.Length; i++)
        {
            var apart = mixture is null ? null : $"{mixture}; each size, direction and spacing is read separately.";
            string[] warnings = [.. new[] { warning, apart }.OfType<string>()];
            // A damaged slice is assumed to be missing from the largest stack.
            foreach (var series in SplitStacks([.. stacks[i]], next, i == 0 ? damaged : [], warnings))
                yield return series;
        }

        foreach (var group in strays)
            yield return Problem(next(), DicomSeriesKind.NoScan, $"{mixture}; the stray images are left out.", group);
        if (groups.Count == 0 && damaged.Length > 0)
            yield return Broken(next(), $"is damaged: {damaged[0].Defect}", damaged);
        var misplaced = whole.Where(image => ScanCheck.WhyNoPlace(image) is not null).ToArray();
        if (misplaced.Length > 0)
            yield return Broken(next(), $"does not form a volume: {ScanCheck.WhyNoPlace(misplaced[0])}", misplaced);
    }

    private static DicomSeries Problem(
        SeriesIdentity identity, DicomSeriesKind kind, string what, IReadOnlyList<DicomImage> images) =>
        new(identity, kind, $"{identity.Title} {what}", images);

    private static DicomSeries Broken(SeriesIdentity identity, string what, IReadOnlyList<DicomImage> images) =>
        Problem(identity, DicomSeriesKind.BrokenScan, what, images);

    private static IEnumerable<DicomSeries> SplitStacks(
        DicomImage[] images, Func<SeriesIdentity> next, DicomImage[] damaged, string[] warnings)
    {
        var (stacks, copies) = Separate(images);
        foreach (var stack in stacks)
        {
            var identity = next();
            if (damaged.Length > 0)
            {
                yield return Broken(identity, $"is damaged: {damaged[0].Defect}", stack);
                continue;
            }

            if (SliceStack.FindDouble(stack) is var (first, second))
            {
                yield return Broken(
                    identity,
                    $"has two different images at one position, '{first.Path}' and '{second.Path}'; keep one of them, "
                    + "or give each phase its own series.",
                    stack);
                continue;
            }

            var (built, problem) = SliceStack.Build(identity.Title, stack);
            if (built is null)
            {
                yield return new(identity, DicomSeriesKind.BrokenScan, problem, stack);
                continue;
            }

            var doubts = warnings.Select(warning => $"{identity.Title} {warning}").Concat(built.Warnings).ToList();
            if (copies.Count > 0)
            {
                doubts.Add(
                    $"{identity.Title} has {copies.Count} {(copies.Count == 1 ? "slice" : "slices")} twice "
                    + $"('{copies[0].Path}'{More(copies.Count)}); each is used once.");
            }

            yield return new(identity, DicomSeriesKind.Scan, null, built.Images) { Stack = built, Warnings = doubts };
        }
    }

    // Separates images into stacks without two images at one position, if possible; copies of images are dropped.
    private static (DicomImage[][] Stacks, List<DicomImage> Copies) Separate(DicomImage[] images)
    {
        var copies = new List<DicomImage>();
        // An object exported twice has the same SOP Instance UID.
        var distinct = WithoutCopies(images, image => image.Text(DicomTag.SopInstance) is { Length: > 0 } uid
            ? $"{uid} {image.Frame} {image.Position}" : null, copies);
        if (SliceStack.FindDouble(distinct) is null)
            return ([distinct], copies);
        if (SplitByTag(distinct) is { } stacks)
            return (stacks, copies);
        // Only after the tags, since air above the patient may look the same in all phases.
        var different = WithoutCopies(distinct, PixelKey, copies);
        return (SliceStack.FindDouble(different) is null ? [different] : SplitByTag(different) ?? [different], copies);
    }

    private static DicomImage[] WithoutCopies(
        DicomImage[] images, Func<DicomImage, string?> key, List<DicomImage> copies)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var distinct = new List<DicomImage>();
        foreach (var image in images)
            (key(image) is not { } text || seen.Add(text) ? distinct : copies).Add(image);
        return [.. distinct];
    }

    private static string PixelKey(DicomImage image) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Rounded(image.Position!.Value)} {image.Slope} {image.Intercept} {Convert.ToHexString(SHA256.HashData(DicomPixels.Bytes(image)))}");

    private static DicomImage[][]? SplitByTag(DicomImage[] images)
    {
        foreach (var tag in StackTags)
        {
            var groups = images.GroupBy(image => image.Text(tag))
                .OrderBy(group => group.Key, NumberOrder.Instance)
                .Select(group => group.ToArray())
                .ToArray();
            if (AreStacks(groups))
                return groups;
            if (ByRank(images, tag) is { } ranked && AreStacks(ranked))
                return ranked;
        }

        return null;
    }

    private static bool AreStacks(DicomImage[][] groups)
    {
        if (groups.Length < 2 || groups.Any(group => SliceStack.FindDouble(group) is not null))
            return false;
        var positions = groups.Select(group => group.Select(image => Rounded(image.Position!.Value)).ToHashSet()).ToArray();
        var largest = positions.MaxBy(set => set.Count)!;
        return positions.All(set => set.Count(largest.Contains) >= LeastCommon * Math.Max(set.Count, largest.Count));
    }

    // Times differ slightly from slice to slice: the earliest image at each position goes into the first stack, and so on,
    // provided that all images of a stack precede those of the next.
    private static DicomImage[][]? ByRank(DicomImage[] images, uint tag)
    {
        if (images.Any(image => image.Reals(tag) is not [_]))
            return null;
        var positions = images.GroupBy(image => Rounded(image.Position!.Value))
            .Select(group => group.OrderBy(image => image.Reals(tag)![0]).ToArray())
            .ToArray();
        var count = positions.Max(group => group.Length);
        if (positions.Any(group => group.Length != count))
            return null;
        DicomImage[][] stacks =
            [.. Enumerable.Range(0, count).Select(rank => positions.Select(group => group[rank]).ToArray())];
        var times = stacks.Select(stack => stack.Select(image => image.Reals(tag)![0]).ToArray());
        return times.Zip(times.Skip(1)).All(pair => pair.First.Max() < pair.Second.Min()) ? stacks : null;
    }

    // To a tenth of a millimetre, since scanners round positions.
    private static (long X, long Y, long Z) Rounded(Vector3D position) => (
        (long)Math.Round(10 * position.X), (long)Math.Round(10 * position.Y), (long)Math.Round(10 * position.Z));

    private static bool HaveOneGeometry(DicomImage a, DicomImage b) =>
        a.Columns == b.Columns && a.Rows == b.Rows && HaveOneDirection(a, b)
        && Math.Abs(a.Spacing!.Value.X - b.Spacing!.Value.X) <= SpacingTolerance * a.Spacing.Value.X
        && Math.Abs(a.Spacing.Value.Y - b.Spacing.Value.Y) <= SpacingTolerance * a.Spacing.Value.Y;

    private static bool HaveOneDirection(DicomImage a, DicomImage b)
    {
        var (first, second) = (a.Axes!.Value, b.Axes!.Value);
        return (first.AlongRow - second.AlongRow).Length < CosineTolerance
            && (first.AlongColumn - second.AlongColumn).Length < CosineTolerance;
    }

    private static bool IsPartOfRange(List<DicomImage> largest, List<DicomImage> other)
    {
        if (!HaveOneDirection(largest[0], other[0]))
            return false;
        var (x, y) = largest[0].Axes!.Value;
        var normal = x.Cross(y);
        (double From, double To) Range(List<DicomImage> stack)
        {
            var heights = stack.Select(image => image.Position!.Value.Dot(normal)).ToArray();
            return (heights.Min(), heights.Max());
        }

        var (a, b) = (Range(largest), Range(other));
        var common = Math.Min(a.To, b.To) - Math.Max(a.From, b.From);
        // Interleaved halves have the same range and twice the distance between slices.
        var interleaved = !largest.Select(image => Rounded(image.Position!.Value).Z).Intersect(
            other.Select(image => Rounded(image.Position!.Value).Z)).Any();
        return common < LeastCommon * Math.Max(a.To - a.From, b.To - b.From) || interleaved;
    }

    private static string More(int count) => count > 1 ? $" and {count - 1} more" : "";

    // Orders numbers by value, other text by its characters.
    private sealed class NumberOrder : IComparer<string>
    {
        public static NumberOrder Instance { get; } = new();

        public int Compare(string? x, string? y) =>
            double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
                ? a.CompareTo(b) : string.CompareOrdinal(x, y);
    }
}
