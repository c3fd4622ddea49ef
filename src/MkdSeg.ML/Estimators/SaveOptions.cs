using MkdSeg.Common;
namespace MkdSeg.ML.Estimators;

/// <summary>Where a step that saves volumes puts the file of a row.</summary>
public sealed record SaveOptions
{
    /// <summary>The text column with the file's name without ending; a path where <see cref="Folder"/> is null.</summary>
    public string NameColumnName { get; init; } = "Name";

    /// <summary>The folder that names start from, made where it is missing; null: names are paths.</summary>
    public string? Folder { get; init; }

    /// <summary>What is put behind the name: .nii, .nii.gz, .nrrd or .mha; empty where names have it.</summary>
    public string Extension { get; init; } = ".nii.gz";

    /// <summary>The path of a row's file.</summary>
    /// <exception cref="UserErrorException">An empty name, or one that leads out of the folder.</exception>
    internal string PathOf(ReadOnlyMemory<char> name)
    {
        if (name.Span.IsWhiteSpace())
            throw new UserErrorException($"A row has no name in the column '{NameColumnName}'; files need one.");
        var relative = name + Extension;
        if (Folder is null)
            return relative;
        var folder = Path.GetFullPath(Folder);
        var path = Path.GetFullPath(Path.Combine(folder, relative));
        var inside = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        return path.StartsWith(inside, StringComparison.Ordinal)
            ? path
            : throw new UserErrorException(
                $"The name '{name}' leads out of the folder {Folder}; give names below it.");
    }
}
