using System.Security.Cryptography;
using System.Text;
using MkdSeg.Common;
using MkdSeg.IO;

namespace MkdSeg.ML.Scoring;

/// <summary>Names the content of an input, wherever it lies and whatever its files are called.</summary>
internal static class InputHash
{
    /// <summary>SHA-256 of a file; of the sorted SHA-256 of all files where a case has several.</summary>
    /// <exception cref="UserErrorException">A file is missing or cannot be read.</exception>
    public static string Of(ScoringCase item, bool withLabel)
    {
        var files = item.SeriesFiles.Count > 0 ? item.SeriesFiles : VolumeFile.FilesOf(item.Path);
        if (withLabel && item.LabelPath is { } label)
            files = [.. files, .. VolumeFile.FilesOf(label)];
        return Of(item.Path, files);
    }

    /// <summary>The same of files that are known.</summary>
    /// <param name="path">What messages call the input.</param>
    /// <param name="files">Its files.</param>
    /// <exception cref="UserErrorException">A file is missing or cannot be read.</exception>
    public static string Of(string path, IReadOnlyList<string> files)
    {
        try
        {
            if (files.Count == 1)
                return FileHash.OfFile(files[0]);
            var hashes = files.Select(FileHash.OfFile).Order(StringComparer.Ordinal);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', hashes))));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be read: {error.Message.TrimEnd('.')}; check that it is still there.", error);
        }
    }
}
