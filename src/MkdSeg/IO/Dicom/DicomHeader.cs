namespace MkdSeg.IO.Dicom;

/// <summary>What the header of a DICOM file says. Voxels are not read; whether they are all there is known.</summary>
internal sealed class DicomHeader(string path)
{
    public string Path { get; } = path;
    public Dictionary<uint, byte[]> Elements { get; } = [];

    /// <summary>The elements of each frame's own, where the file holds several with functional groups (PS3.3, C.7.6.16).</summary>
    public List<Dictionary<uint, byte[]>> Frames { get; } = [];

    public bool BigEndian { get; set; }

    /// <summary>UID of how pixels are stored; empty where the file does not say, which means uncompressed.</summary>
    public string Syntax { get; set; } = "";

    /// <summary>Where the deflated part of the file begins; null where it is not deflated.</summary>
    public long? DeflatedFrom { get; set; }

    /// <summary>
    /// Where the pixels lie: one stretch of the (inflated) file as it is, or the fragments of compressed ones, of which the first
    /// is a table of offsets. Null for an object without an image.
    /// </summary>
    public IReadOnlyList<(long Start, long Length)>? Pixels { get; set; }

    public bool IsCompressed { get; set; }

    /// <summary>What is wrong with the file, one sentence that names it; null where it is whole.</summary>
    public string? Defect { get; set; }

    /// <summary>The images: one, or the frames.</summary>
    public IEnumerable<DicomImage> Images => Frames.Count == 0
        ? [new(this, 0, null)]
        : Frames.Select((elements, frame) => new DicomImage(this, frame, elements));
}
