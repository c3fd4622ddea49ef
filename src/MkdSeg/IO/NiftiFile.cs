using System.IO.Compression;

namespace MkdSeg.IO;

/// <summary>Reads NIfTI files: header and voxels in one file or in a pair (.hdr and .img), compressed or not.</summary>
internal static class NiftiFile
{
    /// <summary>Opens the volume in a file; of a pair, either file can be given.</summary>
    public static StoredVolume Open(string path)
    {
        var isSingle = HasSingleName(path);
        var headerPath = isSingle ? path : Partner(path, ".hdr", "header");
        var header = NiftiHeader.Parse(Start(headerPath), headerPath);
        if (isSingle && !header.HasVoxels)
        {
            throw new UserErrorException(
                $"'{path}' contains the header of a pair of NIfTI files: its magic string is 'ni1'; 'n+1' is expected: specify "
                + "the .hdr file next to its .img file, or convert it.");
        }

        var (grid, warnings) = NiftiGeometry.Of(header, headerPath);
        var dataPath = header.HasVoxels ? headerPath : Partner(path, ".img", "voxel file");
        var isScaled = (header.Slope != 1 || header.Intercept != 0) && header.Type != VoxelType.Float64;
        return new(path, "NIfTI", grid, new(headerPath, [dataPath], header.Type, grid.Size.VoxelCount)
        {
            Packing = IsCompressed(dataPath) ? VoxelPacking.Gzip : VoxelPacking.None,
            UnpackedStart = header.VoxelOffset,
            BigEndian = header.BigEndian,
            Components = header.Components,
            Slope = header.Slope,
            Intercept = header.Intercept,
        })
        {
            PixelType = (header.Components > 1 ? "vector of " : "")
                + (isScaled && header.Type.Size() < sizeof(double) ? VoxelType.Float32 : header.Type).Describe(),
            Warnings = warnings,
        };
    }

    /// <summary>Whether a file's name is that of a single file with header and voxels.</summary>
    public static bool HasSingleName(string path) =>
        path.EndsWith(".nii", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);

    // The file itself or the other file of its pair.
    private static string Partner(string path, string extension, string what)
    {
        var stem = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        if (stem.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            return path;
        stem = Path.ChangeExtension(stem, null);
        foreach (var name in (string[])[extension, extension + ".gz", extension.ToUpperInvariant()])
        {
            if (File.Exists(stem + name))
                return stem + name;
        }

        throw new UserErrorException(
            $"'{path}' is one of a pair of NIfTI files, but the {what} '{Path.GetFileName(stem)}{extension}' is not next to it; "
            + "copy both.");
    }

    private static bool IsCompressed(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
    }

    private static byte[] Start(string path)
    {
        var compressed = IsCompressed(path);
        using var file = File.OpenRead(path);
        using Stream stream = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        var start = new byte[NiftiHeader.Length2];
        try
        {
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
