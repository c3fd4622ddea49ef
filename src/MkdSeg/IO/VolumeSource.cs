using MkdSeg.IO.Dicom;

namespace MkdSeg.IO;

/// <summary>A file or DICOM series whose header has been read and found to describe a single volume.</summary>
internal abstract class VolumeSource(string path, string format, Grid grid)
{
    public string Path { get; } = path;
    public string Format { get; } = format;
    public Grid Grid { get; } = grid;

    /// <summary>How a voxel is stored, in words; scaled integers count as real.</summary>
    public string PixelType { get; init; } = "";

    public int ComponentCount { get; protected init; } = 1;

    /// <summary>The header file first, then any separate voxel files.</summary>
    public abstract IReadOnlyList<string> Files { get; }

    /// <summary>One sentence for each issue that does not prevent reading the volume.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static VolumeSource Open(string path)
    {
        if (Directory.Exists(path))
            return DicomSource.OpenFolder(path);
        if (DicomSeries.IsSeriesPath(path))
            return DicomSource.OpenSeries(path);
        if (!File.Exists(path))
            throw new UserErrorException($"The volume '{path}' does not exist; check the path.");
        return VolumeListing.ExtensionOf(path) switch
        {
            ".nii" or ".nii.gz" or ".hdr" or ".hdr.gz" or ".img" or ".img.gz" => NiftiFile.Open(path),
            ".nrrd" or ".nhdr" => NrrdFile.Open(path),
            ".mha" or ".mhd" => MetaImageFile.Open(path),
            ".mgz" or ".mgh" => throw new UserErrorException(
                $"'{path}' is in FreeSurfer's MGH format, which is not supported; convert it to .nii.gz, for "
                + "example with mri_convert."),
            _ when path.EndsWith(".png", StringComparison.OrdinalIgnoreCase) => new PngSource(path),
            _ => DicomSource.OpenFile(path),
        };
    }

    public VolumeHeader ToHeader() => new(
        Grid, PixelType, ComponentCount, Format, Files.Sum(file => new FileInfo(file).Length))
    {
        Warnings = Warnings,
    };

    /// <summary>Throws if there are fewer voxels than the header states; called before memory is allocated for them.</summary>
    public virtual void RequireComplete()
    {
    }

    /// <summary>Passes all voxels to the consumer.</summary>
    public abstract void Read(VoxelConsumer consume);
}

/// <summary>A volume whose header states where its voxels are stored: NIfTI, NRRD, MetaImage.</summary>
internal sealed class StoredVolume : VolumeSource
{
    private readonly VoxelData _data;

    public StoredVolume(string path, string format, Grid grid, VoxelData data)
        : base(path, format, grid)
    {
        _data = data;
        ComponentCount = data.Components;
        Files = [.. data.Files.Prepend(data.HeaderPath).Distinct()];
    }

    public override IReadOnlyList<string> Files { get; }

    public override void RequireComplete() => _data.RequireComplete();

    public override void Read(VoxelConsumer consume) => _data.Read(consume);
}
