using System.Runtime.InteropServices;
using MkdSeg.Common;
using MkdSeg.IO.Dicom;
using MkdSeg.Volumes;
using itk.simple;

namespace MkdSeg.IO;

/// <summary>A file that ITK reads: NRRD, MetaImage, NIfTI in two files, PNG, a single DICOM file.</summary>
internal sealed class ItkSource : VolumeSource
{
    private const int ChunkVoxels = 1 << 16;

    public ItkSource(string path)
        : base(path)
    {
        // The name decides: readers of other formats would only try, and print what they think of it.
        if (Format == "NRRD")
            new NrrdFile(path).RequireMark();
        else if (Format == "MetaImage")
            MetaImageFile.RequireHeader(path);
        else if (Format == "PNG")
            PngFile.RequireWhole(path);
        else if (Format == "DICOM")
            RequireDicom(path);
        using var reader = Reader();
        reader.ReadImageInformation();
        Grid = GridOf(reader, path);
        PixelType = reader.GetPixelID();
        ComponentCount = (int)reader.GetNumberOfComponents();
    }

    public override Grid Grid { get; }

    public override PixelIDValueEnum PixelType { get; }

    public override int ComponentCount { get; }

    public override string Format
    {
        get
        {
            var name = System.IO.Path.GetFileName(Path);
            bool Ends(params ReadOnlySpan<string> suffixes)
            {
                foreach (var suffix in suffixes)
                {
                    if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                        return true;
                }

                return false;
            }

            return Ends(".hdr", ".img", ".img.gz") ? "NIfTI"
                : Ends(".nrrd", ".nhdr") ? "NRRD"
                : Ends(".mha", ".mhd") ? "MetaImage"
                : Ends(".png") ? "PNG"
                : "DICOM";
        }
    }

    /// <summary>The header's file first, then those of the voxels where they are apart.</summary>
    public override IReadOnlyList<string> Files => Format switch
    {
        "MetaImage" => [Path, .. MetaImageFile.DataFiles(Path)],
        "NRRD" => [Path, .. new NrrdFile(Path).DataFiles],
        _ => [Path],
    };

    public override void RequireComplete()
    {
        if (Format == "MetaImage")
            MetaImageFile.RequireComplete(Path);
        else if (Format == "NRRD")
            new NrrdFile(Path).RequireComplete();
    }

    public override void Read(VoxelConsumer consume)
    {
        using var reader = Reader();
        reader.SetOutputPixelType(PixelIDValueEnum.sitkFloat32);
        using var image = reader.Execute();
        var buffer = image.GetConstBufferAsFloat();
        var count = (int)Grid.Size.VoxelCount;
        var values = new float[Math.Min(ChunkVoxels, count)];
        for (var start = 0; start < count; start += values.Length)
        {
            var part = Math.Min(values.Length, count - start);
            Marshal.Copy(buffer + (nint)((long)start * sizeof(float)), values, 0, part);
            consume(start, values.AsSpan(0, part));
        }
    }

    // GDCM ends the process on some headers that are cut.
    private static void RequireDicom(string path)
    {
        var file = DicomParser.Read(path) ?? throw new UserErrorException(
            $"'{path}' is no volume: its name is none of NIfTI, NRRD, MetaImage or PNG, and it is no DICOM file; check what "
            + "it is.");
        if (file.Defect is { } defect)
            throw new UserErrorException(defect);
        if (!file.HasPixels || file.Rows == 0 || file.Columns == 0)
            throw new UserErrorException($"'{path}' is a DICOM object without an image; give the slices of a scan.");
    }

    private ImageFileReader Reader()
    {
        var reader = new ImageFileReader();
        reader.SetImageIO(Format switch
        {
            "NIfTI" => "NiftiImageIO",
            "NRRD" => "NrrdImageIO",
            "MetaImage" => "MetaImageIO",
            "PNG" => "PNGImageIO",
            _ => "GDCMImageIO",
        });
        reader.SetFileName(Path);
        return reader;
    }

    private static Grid GridOf(ImageFileReader reader, string path)
    {
        using var size = reader.GetSize();
        using var spacing = reader.GetSpacing();
        using var origin = reader.GetOrigin();
        using var direction = reader.GetDirection();
        var dimension = size.Count;
        var voxels = size.Aggregate(1.0, (product, n) => product * n);
        if (size.Skip(3).Any(n => n != 1))
        {
            throw new UserErrorException(
                $"'{path}' has {dimension} dimensions ({string.Join('×', size)}); one volume of three dimensions is "
                + "expected: extract one time point.");
        }

        if (voxels > Array.MaxLength)
        {
            throw new UserErrorException($"'{path}' has {voxels:0} voxels; at most {Array.MaxLength} can be read.");
        }

        double Cosine(int row, int column) => direction[(row * dimension) + column];
        var is3D = dimension > 2;
        return new Grid(
            new GridSize((int)size[0], (int)size[1], is3D ? (int)size[2] : 1),
            new Vector3D(spacing[0], spacing[1], is3D ? spacing[2] : 1),
            new Vector3D(origin[0], origin[1], is3D ? origin[2] : 0),
            is3D
                ? new Direction(Column(0), Column(1), Column(2))
                : new Direction(
                    new(Cosine(0, 0), Cosine(1, 0), 0), new(Cosine(0, 1), Cosine(1, 1), 0), new(0, 0, 1)));

        Vector3D Column(int axis) => new(Cosine(0, axis), Cosine(1, axis), Cosine(2, axis));
    }
}
