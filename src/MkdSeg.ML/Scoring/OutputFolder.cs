using MkdSeg.Common;

namespace MkdSeg.ML.Scoring;

/// <summary>Makes an output folder and keeps other processes out of it.</summary>
internal static class OutputFolder
{
    /// <summary>Checks and locks the folder; parts of one number of parts go together.</summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="cases">The cases, none of which may lie in it.</param>
    /// <param name="shard">The part; null for all.</param>
    /// <exception cref="UserErrorException">It holds inputs, cannot be written, or another process writes there.</exception>
    public static FolderLock Take(string folder, IReadOnlyList<ScoringCase> cases, ScoringShard? shard)
    {
        var full = Path.GetFullPath(folder);
        if (cases.Any(item => Path.GetDirectoryName(Path.GetFullPath(item.Path)) == full))
        {
            throw new UserErrorException(
                $"The output folder {folder} holds inputs, which masks of the same name would replace; choose another "
                + "output folder.");
        }

        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The output folder {folder} cannot be made: {error.Message} Choose another one.", error);
        }

        try
        {
            return FolderLock.Take(
                Path.Combine(full, CaseRecords.FolderName),
                shard?.ToString(),
                other => ScoringShard.Parse(other)?.Count == shard?.Count);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The output folder {folder} cannot be written: {error.Message} Free space or choose another one.", error);
        }
    }
}
