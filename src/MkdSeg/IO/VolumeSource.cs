using MkdSeg.Common;
using MkdSeg.IO.Dicom;
using MkdSeg.Volumes;
using itk.simple;

namespace MkdSeg.IO;

/// <summary>A file or DICOM series whose header has been read and found to be that of a single volume.</summary>
internal abstract class VolumeSource(string path)
{
    public string Path { get; } = path;

    public abstract Grid Grid { get; }

    /// <summary>How a voxel is stored; scaled integers count as real.</summary>
    public abstract PixelIDValueEnum PixelType { get; }

    public abstract int ComponentCount { get; }

    public abstract string Format { get; }

    /// <summary>The files that hold the voxels.</summary>
    public virtual IReadOnlyList<string> Files => [Path];

    /// <summary>One sentence for each doubt about the volume that does not keep it from being read.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    public static VolumeSource Open(string path)
    {
        if (Directory.Exists(path))
            return DicomSource.OpenFolder(path);
        if (DicomSeries.IsSeriesPath(path))
            return DicomSource.OpenSeries(path);
        if (!File.Exists(path))
            throw new UserErrorException($"The volume '{path}' does not exist; check the path.");
        return NiftiSource.HasName(path) ? new NiftiSource(path) : new ItkSource(path);
    }

    public VolumeHeader ToHeader() => new(
        Grid,
        SimpleITK.GetPixelIDValueAsString(PixelType),
        ComponentCount,
        Format,
        Files.Sum(file => new FileInfo(file).Length))
    {
        Warnings = Warnings,
    };

    /// <summary>Throws where there are fewer voxels than the header says; done before memory is taken for them.</summary>
    public virtual void RequireComplete()
    {
    }

    /// <summary>Hands over all voxels.</summary>
    public abstract void Read(VoxelConsumer consume);
}
