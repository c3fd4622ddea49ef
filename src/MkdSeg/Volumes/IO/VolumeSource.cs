using itk.simple;

namespace MkdSeg.Volumes.IO;

/// <summary>A file or DICOM folder whose header has been read and found to be that of a single volume.</summary>
internal sealed class VolumeSource
{
    private readonly string path;
    private readonly string[] slices; // of a DICOM folder; empty for a file
    private readonly int components;

    private VolumeSource(string path, string[] slices, Grid grid, PixelIDValueEnum pixelType, int components) =>
        (this.path, this.slices, Grid, PixelType, this.components) = (path, slices, grid, pixelType, components);

    public Grid Grid { get; }

    public PixelIDValueEnum PixelType { get; }

    public static VolumeSource Open(string path)
    {
        if (Directory.Exists(path))
        {
            return OpenSeries(path);
        }

        if (!File.Exists(path))
        {
            throw new UserErrorException($"The volume '{path}' does not exist; check the path.");
        }

        if (NiftiFile.IsVersion2(path) && !CanRead(path))
        {
            throw new UserErrorException(
                $"'{path}' is a NIfTI-2 file, which this build of ITK cannot read; convert it to NIfTI-1.");
        }

        using var reader = Information(path);
        return new VolumeSource(
            path, [], GridOf(reader, path), reader.GetPixelID(), (int)reader.GetNumberOfComponents());
    }

    public VolumeHeader ToHeader() => new(
        Grid,
        SimpleITK.GetPixelIDValueAsString(PixelType),
        components,
        Format(),
        slices.Length == 0 ? new FileInfo(path).Length : slices.Sum(slice => new FileInfo(slice).Length));

    /// <summary>All voxels, converted.</summary>
    public Image Read(PixelIDValueEnum type)
    {
        if (components != 1)
        {
            throw new UserErrorException(
                $"'{path}' has {components} values per voxel; one is expected: convert it to a single channel.");
        }

        if (slices.Length == 0)
        {
            NiftiFile.RequireComplete(path);
            return SimpleITK.ReadImage(path, type);
        }

        using var names = new VectorString(slices);
        return SimpleITK.ReadImage(names, type);
    }

    private static VolumeSource OpenSeries(string folder)
    {
        using var ids = ImageSeriesReader.GetGDCMSeriesIDs(folder);
        if (ids.Count != 1)
        {
            throw new UserErrorException(ids.Count == 0
                ? $"The folder '{folder}' holds no DICOM series; exactly one is expected."
                : $"The folder '{folder}' holds {ids.Count} DICOM series ({string.Join(", ", ids)}); exactly one is "
                  + "expected: put each series into a folder of its own.");
        }

        using var names = ImageSeriesReader.GetGDCMSeriesFileNames(folder, ids[0]);
        var slices = names.ToArray();
        using var first = Information(slices[0]);
        var grid = GridOf(first, slices[0]);
        var pixelType = first.GetPixelID();
        var components = (int)first.GetNumberOfComponents();
        if (slices.Length > 1)
        {
            grid = Stack(grid, slices, folder);
        }

        return new VolumeSource(folder, slices, grid, pixelType, components);
    }

    // As ITK stacks a series: from the first slice's position to the last one's, in equal steps. A missing slice would
    // silently stretch the volume, so equal steps are required.
    private static Grid Stack(Grid slice, string[] slices, string folder)
    {
        var positions = Array.ConvertAll(slices, name =>
        {
            using var reader = Information(name);
            var grid = GridOf(reader, name);
            return grid.Size == slice.Size
                ? grid.OriginMm
                : throw new UserErrorException(
                    $"The slice '{name}' has {grid.Size} voxels, others of its series {slice.Size}; all slices must "
                    + "have one size.");
        });
        var step = (positions[^1] - positions[0]) * (1.0 / (slices.Length - 1));
        if (!(step.Length > 0))
        {
            throw new UserErrorException(
                $"The DICOM slices in '{folder}' all have one position; positions along the slice axis are expected.");
        }

        for (var i = 1; i < slices.Length; i++)
        {
            var gap = positions[i] - positions[i - 1];
            if ((gap - step).Length > 0.1 * step.Length)
            {
                throw new UserErrorException(
                    $"The DICOM slices in '{folder}' are {step.Length:0.###} mm apart on average but "
                    + $"{gap.Length:0.###} mm before '{Path.GetFileName(slices[i])}'; equal distances are expected: "
                    + "look for missing slices.");
            }
        }

        return new Grid(
            slice.Size with { Z = slices.Length },
            slice.SpacingMm with { Z = step.Length },
            positions[0],
            slice.Direction with { AxisZ = step * (1 / step.Length) });
    }

    private static ImageFileReader Information(string path)
    {
        var reader = new ImageFileReader();
        reader.SetFileName(path);
        reader.ReadImageInformation();
        return reader;
    }

    private static bool CanRead(string path)
    {
        try
        {
            Information(path).Dispose();
            return true;
        }
        catch (ApplicationException)
        {
            return false;
        }
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

    private string Format()
    {
        var name = Path.GetFileName(path);
        bool Ends(params string[] suffixes) =>
            Array.Exists(suffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        return slices.Length > 0 ? "DICOM"
            : Ends(".nii", ".nii.gz", ".hdr", ".img", ".img.gz") ? "NIfTI"
            : Ends(".nrrd", ".nhdr") ? "NRRD"
            : Ends(".mha", ".mhd") ? "MetaImage"
            : Ends(".png") ? "PNG"
            : "DICOM";
    }
}
