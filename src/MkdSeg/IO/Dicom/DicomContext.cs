using System.Text;
using System.Text.RegularExpressions;

namespace MkdSeg.IO.Dicom;

/// <summary>What created an object: the program with its bundle, the program's version, and the hash of the bundle.</summary>
internal sealed record SegmentationAlgorithm(string Name, string Version, string ModelSha256);

/// <summary>
/// What objects created from a scan inherit from it: patient, study and character set, byte by byte. If the scan lacks what
/// they need, no object is created.
/// </summary>
internal sealed partial class DicomContext
{
    // Patient, general study, patient study (PS3.3, C.7.1.1, C.7.2.1, C.7.2.2): tag, VR, name, whether required even if empty.
    private static readonly (uint Tag, string Type, string Name, bool IsRequired)[] Taken =
    [
        (0x00080020, "DA", "Study Date", true),
        (0x00080030, "TM", "Study Time", true),
        (0x00080050, "SH", "Accession Number", true),
        (0x00080090, "PN", "Referring Physician's Name", true),
        (0x00081030, "LO", "Study Description", false),
        (0x00100010, "PN", "Patient's Name", true),
        (DicomTag.PatientId, "LO", "Patient ID", true),
        (0x00100021, "LO", "Issuer of Patient ID", false),
        (0x00100030, "DA", "Patient's Birth Date", true),
        (0x00100040, "CS", "Patient's Sex", true),
        (0x00101010, "AS", "Patient's Age", false),
        (DicomTag.PatientSize, "DS", "Patient's Size", false),
        (DicomTag.PatientWeight, "DS", "Patient's Weight", false),
        (0x00120062, "CS", "Patient Identity Removed", false),
        (0x00120063, "LO", "De-identification Method", false),
        (0x00200010, "SH", "Study ID", true),
    ];

    private static readonly (uint Tag, string Name)[] Needed =
    [
        (DicomTag.SopClass, "SOP Class UID"),
        (DicomTag.SopInstance, "SOP Instance UID"),
        (DicomTag.StudyInstance, "Study Instance UID"),
        (DicomTag.SeriesInstance, "Series Instance UID"),
        (DicomTag.FrameOfReference, "Frame of Reference UID"),
    ];

    private readonly DicomImage _first;
    private readonly Encoding? _encoding;
    private readonly DateTime _now = DateTime.Now;

    /// <summary>Checks the source's attributes.</summary>
    /// <param name="source">The scan.</param>
    /// <param name="algorithm">The creator that the objects state.</param>
    /// <param name="warnings">Receives a sentence for each value that is left empty because DICOM does not allow it.</param>
    /// <exception cref="UserErrorException">The source lacks an attribute every object needs; the message names it.</exception>
    public DicomContext(DicomSource source, SegmentationAlgorithm algorithm, ICollection<string> warnings)
    {
        (Stack, Algorithm) = (source.Stack, algorithm);
        Require(Images);
        var path = Images[0].Path;
        var header = DicomParser.Read(path, tag => DicomTag.IsKept(tag) || Array.Exists(Taken, taken => taken.Tag == tag))
            ?? throw new UserErrorException($"'{path}' is no longer a DICOM file; score the series again.");
        _first = header.Images.First();
        var set = Encoding.ASCII.GetString(CharacterSet);
        _encoding = set.Contains("ISO_IR 192", StringComparison.Ordinal) ? Encoding.UTF8
            : set.TrimEnd() == "ISO_IR 100" ? Encoding.Latin1
            : null;
        foreach (var (tag, type, name, _) in Taken)
        {
            if (_first.Element(tag) is not { } value)
                continue;
            if (set.Length == 0 && value.Any(b => b > 127))
                throw Lacks(_first, "Specific Character Set", DicomTag.CharacterSet, $", though its {name} is not ASCII");
            if (IsAllowed(type, value))
                continue;
            warnings.Add(
                $"'{path}' has '{_first.Text(tag)}' as {name} {Number(tag)}, which DICOM does not allow; objects created from it "
                + "leave it empty.");
        }
    }

    /// <summary>The source's slices.</summary>
    public SliceStack Stack { get; }

    /// <summary>Its images, from the first to the last along the normal.</summary>
    public IReadOnlyList<DicomImage> Images => Stack.Images;

    public SegmentationAlgorithm Algorithm { get; }

    private byte[] CharacterSet => _first.Element(DicomTag.CharacterSet) ?? [];

    /// <summary>Creates elements whose texts use the source's character set.</summary>
    public DicomElements NewItem() => new(_encoding);

    /// <summary>Creates a new object of a series, without the elements specific to its kind.</summary>
    public DicomElements NewObject(string sopClass, string modality, string seriesUid, string description, int instance)
    {
        var made = NewItem();
        foreach (var (tag, type, _, isRequired) in Taken)
        {
            var value = _first.Element(tag) is { } own && IsAllowed(type, own) ? own : [];
            if (isRequired || value.Length > 0)
                made.Bytes(tag, type, value);
        }

        // An object that states that the identity was removed must state how.
        if (made.IsEmpty(0x00120063))
            made.Without(0x00120062);
        if (CharacterSet.Length > 0)
            made.Bytes(DicomTag.CharacterSet, "CS", CharacterSet);
        foreach (var tag in (uint[])[0x00080012, 0x00080021, 0x00080023])
            made.Text(tag, "DA", _now.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        foreach (var tag in (uint[])[0x00080013, 0x00080031, 0x00080033])
            made.Text(tag, "TM", _now.ToString("HHmmss", CultureInfo.InvariantCulture));
        return made
            .Text(DicomTag.SopClass, "UI", sopClass)
            .Text(DicomTag.SopInstance, "UI", DicomElements.NewUid())
            .Text(DicomTag.Modality, "CS", modality)
            .Text(0x00080070, "LO", "MkdSeg") // Manufacturer
            .Text(DicomTag.SeriesDescription, "LO", description, 64)
            .Text(0x00081090, "LO", Algorithm.Name, 64) // Manufacturer's Model Name
            .Text(0x00181000, "LO", Algorithm.ModelSha256, 64) // Device Serial Number
            .Text(0x00181020, "LO", Algorithm.Version, 64) // Software Versions
            .Bytes(DicomTag.StudyInstance, "UI", _first.Element(DicomTag.StudyInstance)!)
            .Text(DicomTag.SeriesInstance, "UI", seriesUid)
            .Text(DicomTag.SeriesNumber, "IS", Text(1000 + Math.Clamp(_first.Integer(DicomTag.SeriesNumber) ?? 0, 0, 1 << 30)))
            .Text(0x00200013, "IS", Text(instance)); // Instance Number
    }

    /// <summary>Creates a reference to an image of the source: class, UID, and frame if the file has several.</summary>
    public DicomElements ReferenceTo(DicomImage image)
    {
        var reference = NewItem()
            .Bytes(0x00081150, "UI", image.Element(DicomTag.SopClass)!)
            .Bytes(0x00081155, "UI", image.Element(DicomTag.SopInstance)!);
        return image.Header.Frames.Count > 0 ? reference.Text(0x00081160, "IS", Text(image.Frame + 1)) : reference;
    }

    /// <summary>Copies an element of decimal numbers; its values are rewritten if DICOM does not allow their form.</summary>
    public static DicomElements CopyDecimals(DicomElements target, uint tag, DicomImage image) =>
        image.Element(tag) is { } own && IsAllowed("DS", own) ? target.Bytes(tag, "DS", own) : target.Decimals(tag, image.Reals(tag)!);

    private static void Require(IReadOnlyList<DicomImage> images)
    {
        var seen = new Dictionary<(string Uid, int Frame), string>();
        foreach (var image in images)
        {
            foreach (var (tag, name) in Needed)
            {
                if (image.Element(tag) is not { Length: > 0 } value || image.Text(tag).Length == 0)
                    throw Lacks(image, name, tag);
                if (!IsAllowed("UI", value))
                {
                    throw new UserErrorException(
                        $"'{image.Path}' has '{image.Text(tag)}' as {name} {Number(tag)}, which is not a UID; "
                        + "export the original series.");
                }
            }

            if (!seen.TryAdd((image.Text(DicomTag.SopInstance), image.Frame), image.Path))
            {
                throw new UserErrorException(
                    $"'{image.Path}' has the SOP Instance UID {Number(DicomTag.SopInstance)} of "
                    + $"'{seen[(image.Text(DicomTag.SopInstance), image.Frame)]}'; export the original series.");
            }
        }
    }

    private static UserErrorException Lacks(DicomImage image, string name, uint tag, string reason = "") =>
        new($"'{image.Path}' lacks the {name} {Number(tag)}{reason}; export the original series.");

    private static string Number(uint tag) => $"({tag >> 16:x4},{tag & 0xffff:x4})";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    // PS3.5, 6.2. Lengths count characters, so they are known only for ASCII.
    private static bool IsAllowed(string type, byte[] value)
    {
        var text = Encoding.Latin1.GetString(value).TrimEnd(' ', '\0');
        var isAscii = value.All(b => b is < 128 and not 27);
        return type switch
        {
            "DA" => Date().IsMatch(text),
            "TM" => Time().IsMatch(text),
            "AS" => Age().IsMatch(text),
            "UI" => Uid().IsMatch(text),
            "CS" => text is "" or "M" or "F" or "O" or "YES" or "NO",
            "DS" => text.Split('\\').All(part => part.Length <= 16
                && (text.Length == 0 || double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out _))),
            _ => !text.Any(c => c is < (char)32 and not (char)27)
                && (!isAscii || (text.Length <= (type == "SH" ? 16 : 64) && !text.Contains('\\', StringComparison.Ordinal))),
        };
    }

    [GeneratedRegex(@"^(\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))?$")]
    private static partial Regex Date();

    [GeneratedRegex(@"^(([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?)?$")]
    private static partial Regex Time();

    [GeneratedRegex(@"^(\d{3}[DWMY])?$")]
    private static partial Regex Age();

    [GeneratedRegex(@"^(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))+$")]
    private static partial Regex Uid();
}
