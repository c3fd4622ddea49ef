using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using MkdSeg.Datasets;
using MkdSeg.Rendering;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// A mask as a DICOM Segmentation object (PS3.3, A.51 and C.8.20): one bit per voxel on the source's own slices, one segment per
/// structure, one frame for every slice of every segment. Empty frames are included: viewers that count frames shift masks if
/// they are omitted.
/// </summary>
internal static class DicomSegmentation
{
    /// <summary>The suffix of such file names.</summary>
    public const string Suffix = ".seg.dcm";

    private const string StorageClass = "1.2.840.10008.5.1.4.1.1.66.4";
    private const string PrivateScheme = "99MKDSEG";

    private static readonly DicomCode AnatomicalStructure = new("SCT", "123037004", "Anatomical Structure");
    private static readonly DicomCode ArtificialIntelligence = new("DCM", "123110", "Artificial Intelligence");
    private static readonly DicomCode Segmentation = new("DCM", "113076", "Segmentation");
    private static readonly DicomCode SourceOfProcessing = new("DCM", "121322", "Source image for image processing operation");
    private static readonly DicomCode Heart = new("SCT", "80891009", "Heart");
    private static readonly DicomCode Mediastinum = new("SCT", "72410000", "Mediastinum");

    // The SNOMED CT names of cardiac structures, and the regions in which they lie.
    private static readonly Dictionary<string, (string Meaning, DicomCode Region)> Known = new(StringComparer.Ordinal)
    {
        ["74281007"] = ("Myocardium", Heart),
        ["82471001"] = ("Left atrium", Heart),
        ["87878005"] = ("Left ventricle", Heart),
        ["73829009"] = ("Right atrium", Heart),
        ["53085002"] = ("Right ventricle", Heart),
        ["54247002"] = ("Ascending aorta", Mediastinum),
        ["81040000"] = ("Pulmonary artery", Mediastinum),
    };

    /// <summary>Writes a mask; each structure becomes a segment, with or without voxels.</summary>
    public static void Write(DicomContext context, Volume<byte> classes, LabelSet labels, string description, string path)
    {
        if (classes.Grid.Size != context.Stack.Grid.Size)
            throw new ArgumentException($"The mask has {classes.Grid.Size} voxels, the scan {context.Stack.Grid.Size}.", nameof(classes));
        var (first, step) = (context.Images[0], context.Stack.Grid.SpacingMm.Z);
        var segments = labels.Structures;
        var dimensions = DicomElements.NewUid();
        var data = context.NewObject(StorageClass, "SEG", DicomElements.NewUid(), description, instance: 1)
            .Text(DicomTag.ImageType, "CS", @"DERIVED\PRIMARY")
            .Sequence(0x00081115, context.NewItem() // Referenced Series
                .Bytes(DicomTag.SeriesInstance, "UI", first.Element(DicomTag.SeriesInstance)!)
                .Sequence(0x0008114A, [.. context.Images.DistinctBy(image => image.Header).Select(image => context.ReferenceTo(image).Without(0x00081160))]))
            .Bytes(DicomTag.FrameOfReference, "UI", first.Element(DicomTag.FrameOfReference)!)
            .Text(0x00201040, "LO", "") // Position Reference Indicator
            .Sequence(0x00209221, context.NewItem().Text(0x00209164, "UI", dimensions)) // Dimension Organization
            .Sequence(0x00209222, Dimension(0x0062000B, 0x0062000A, "Segment"), Dimension(DicomTag.ImagePosition, 0x00209113, "Slice"))
            .UInt16(DicomTag.SamplesPerPixel, 1)
            .Text(0x00280004, "CS", "MONOCHROME2")
            .Text(DicomTag.NumberOfFrames, "IS", $"{segments.Count * context.Images.Count}")
            .UInt16(DicomTag.Rows, first.Rows)
            .UInt16(DicomTag.Columns, first.Columns)
            .UInt16(DicomTag.BitsAllocated, 1)
            .UInt16(DicomTag.BitsStored, 1)
            .UInt16(DicomTag.HighBit, 0)
            .UInt16(DicomTag.PixelRepresentation, 0)
            .Text(0x00282110, "CS", "00") // Lossy Image Compression
            .Text(0x00620001, "CS", "BINARY") // Segmentation Type
            .Sequence(0x00620002, [.. segments.Select(structure => Segment(context, structure))])
            .Text(0x00620013, "CS", "NO") // Segments Overlap
            .Text(0x00700080, "CS", "SEGMENTATION") // Content Label
            .Text(0x00700081, "LO", description, 64) // Content Description
            .Text(0x00700084, "PN", "MkdSeg^Software") // Content Creator's Name
            .Sequence(DicomTag.SharedGroups, context.NewItem()
                .Sequence(0x00209116, DicomContext.CopyDecimals(context.NewItem(), DicomTag.ImageOrientation, first))
                .Sequence(0x00289110, DicomContext.CopyDecimals(context.NewItem(), DicomTag.PixelSpacing, first)
                    .Decimals(DicomTag.SliceThickness, first.Reals(DicomTag.SliceThickness) is [> 0 and var thickness] ? thickness : step)
                    .Decimals(0x00180088, step))) // Spacing Between Slices
            .Sequence(DicomTag.FrameGroups, [.. segments.SelectMany(structure =>
                context.Images.Select((image, slice) => Frame(context, structure, image, slice)))]);
        var pixels = (long)segments.Count * context.Images.Count * first.Rows * first.Columns;
        data.WriteFile(path, "OB", (pixels + 7) / 8, stream =>
        {
            var packed = new BitStream(stream);
            var shifted = new byte[first.Rows * first.Columns];
            foreach (var structure in segments)
            {
                for (var z = 0; z < context.Images.Count; z++)
                    packed.Write(context.Stack.OwnSlice(classes, z, shifted), (byte)structure.ClassIndex);
            }

            packed.Finish();
        });

        DicomElements Dimension(uint pointer, uint group, string label) => context.NewItem()
            .Text(0x00209164, "UI", dimensions)
            .Tag(0x00209165, pointer)
            .Tag(0x00209167, group)
            .Text(0x00209421, "LO", label);
    }

    private static DicomElements Segment(DicomContext context, Structure structure)
    {
        var code = structure.Terminology?.Split(':', 2) is [var scheme, var value]
            ? new DicomCode(scheme, value, structure.FullName)
            : new DicomCode(PrivateScheme, structure.Name, structure.FullName);
        var isKnown = Known.TryGetValue(code.Value, out var known) && code.Scheme == "SCT";
        var segment = context.NewItem()
            .Code(0x00620003, AnatomicalStructure) // Segmented Property Category
            .UInt16(0x00620004, structure.ClassIndex)
            .Text(0x00620005, "LO", structure.FullName, 64) // Segment Label
            .Text(0x00620006, "ST", structure.Name) // Segment Description
            .Sequence(0x00620007, context.NewItem() // Segmentation Algorithm Identification
                .Code(0x0066002F, ArtificialIntelligence)
                .Text(0x00660031, "LO", context.Algorithm.Version, 64)
                .Text(0x00660036, "LO", context.Algorithm.Name, 64))
            .Text(0x00620008, "CS", "AUTOMATIC")
            .Text(0x00620009, "LO", context.Algorithm.Name, 64)
            .UInt16(0x0062000D, CieLab(structure.Color)) // Recommended Display CIELab Value
            .Code(0x0062000F, isKnown ? code with { Meaning = known.Meaning } : code); // Segmented Property Type
        return isKnown ? segment.Code(0x00082218, known.Region) : segment; // Anatomic Region
    }

    private static DicomElements Frame(DicomContext context, Structure structure, DicomImage image, int slice) => context.NewItem()
        .Sequence(0x00089124, context.NewItem() // Derivation Image
            .Sequence(0x00082112, context.ReferenceTo(image) // Source Image
                .Text(0x0028135A, "CS", "YES") // Spatial Locations Preserved
                .Code(0x0040A170, SourceOfProcessing))
            .Code(0x00089215, Segmentation))
        .Sequence(0x00209111, context.NewItem().UInt32(0x00209157, structure.ClassIndex, slice + 1)) // Dimension Index Values
        .Sequence(0x00209113, DicomContext.CopyDecimals(context.NewItem(), DicomTag.ImagePosition, image))
        .Sequence(0x0062000A, context.NewItem().UInt16(0x0062000B, structure.ClassIndex)); // Segment Identification

    /// <summary>Converts sRGB to CIE L*a*b* under D50 in 16 bits (PS3.3, C.10.7.1.1), with Bradford adaptation (ICC).</summary>
    public static int[] CieLab(string colour)
    {
        var (r, g, b) = Legend.ParseColour(colour);
        var (red, green, blue) = (Linear(r), Linear(g), Linear(b));
        var x = F(((0.4360747 * red) + (0.3850649 * green) + (0.1430804 * blue)) / 0.96422);
        var y = F((0.2225045 * red) + (0.7168786 * green) + (0.0606169 * blue));
        var z = F(((0.0139322 * red) + (0.0971045 * green) + (0.7141733 * blue)) / 0.82521);
        return
        [
            (int)Math.Round(Math.Clamp((116 * y) - 16, 0, 100) / 100 * 65535),
            (int)Math.Round((Math.Clamp(500 * (x - y), -128, 127) + 128) * 257),
            (int)Math.Round((Math.Clamp(200 * (y - z), -128, 127) + 128) * 257),
        ];

        static double Linear(byte part) =>
            part / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);

        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;
    }

    /// <summary>Packs frames into bits, the first voxel in the lowest bit, without gaps between frames (PS3.5, 8.1.1).</summary>
    private sealed class BitStream(Stream stream)
    {
        private ulong _bits;
        private int _count;

        /// <summary>Adds a frame: 1 where a voxel has the class.</summary>
        public void Write(ReadOnlySpan<byte> slice, byte classIndex)
        {
            var packed = new byte[(slice.Length / 8) + 8];
            var (length, i) = (0, 0);
            for (; i + Vector256<byte>.Count <= slice.Length; i += Vector256<byte>.Count)
            {
                var equal = Vector256.Equals(Vector256.Create(slice.Slice(i, Vector256<byte>.Count)), Vector256.Create(classIndex));
                Add(equal.ExtractMostSignificantBits(), 32);
            }

            for (; i < slice.Length; i++)
                Add(slice[i] == classIndex ? 1u : 0, 1);
            stream.Write(packed, 0, length);

            void Add(uint bits, int count)
            {
                _bits |= (ulong)bits << _count;
                _count += count;
                if (_count < 32)
                    return;
                BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(length), (uint)_bits);
                length += 4;
                _bits >>= 32;
                _count -= 32;
            }
        }

        /// <summary>Writes the remaining bits, padded to a byte.</summary>
        public void Finish()
        {
            for (; _count > 0; _count -= 8, _bits >>= 8)
                stream.WriteByte((byte)_bits);
        }
    }
}
