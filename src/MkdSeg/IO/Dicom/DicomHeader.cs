namespace MkdSeg.IO.Dicom;

/// <summary>The header of a DICOM file. Voxels are not read, but checked for completeness.</summary>
internal sealed class DicomHeader(string path)
{
    public string Path { get; } = path;
    public Dictionary<uint, byte[]> Elements { get; } = [];

    /// <summary>Each frame's own elements, if the file has several frames with functional groups (PS3.3, C.7.6.16).</summary>
    public List<Dictionary<uint, byte[]>> Frames { get; } = [];

    public bool BigEndian { get; set; }

    /// <summary>The transfer syntax UID; empty if the file states none, which means uncompressed.</summary>
    public string Syntax { get; set; } = "";

    /// <summary>Where the deflated part of the file begins; null if it is not deflated.</summary>
    public long? DeflatedFrom { get; set; }

    /// <summary>
    /// Where the pixels are stored: one range of the (inflated) file, or the fragments of compressed pixels, the first of which
    /// is a table of offsets. Null for an object without an image.
    /// </summary>
    public IReadOnlyList<(long Start, long Length)>? Pixels { get; set; }

    public bool IsCompressed { get; set; }

    /// <summary>What is wrong with the file, one sentence that names it; null if it is intact.</summary>
    public string? Defect { get; set; }

    /// <summary>The images: a single one, or the frames.</summary>
    public IEnumerable<DicomImage> Images => Frames.Count == 0
        ? [new(this, 0, null)]
        : Frames.Select((elements, frame) => new DicomImage(this, frame, elements));
}
