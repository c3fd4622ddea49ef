using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.IO;

namespace MkdSeg.ML.Transforms;

/// <summary>Where a row's file is written.</summary>
public sealed record SaveLabelsOptions
{
    /// <summary>The text column with the file name without extension; a path if <see cref="Folder"/> is null.</summary>
    public string NameColumnName { get; init; } = "Name";

    /// <summary>The folder that names are relative to, created if missing; null if names are paths.</summary>
    public string? Folder { get; init; }

    /// <summary>The extension appended to the name: .nii, .nii.gz, .nrrd or .mha; empty if names include it.</summary>
    public string Extension { get; init; } = ".nii.gz";

    /// <summary>Returns the path of a row's file; rejects empty names and names that lead outside the folder.</summary>
    internal string PathOf(ReadOnlyMemory<char> name)
    {
        if (name.Span.IsWhiteSpace())
            throw new UserErrorException($"A row has no name in the column '{NameColumnName}'; every file needs one.");
        var relative = name + Extension;
        if (Folder is null)
            return relative;
        var folder = Path.GetFullPath(Folder);
        var path = Path.GetFullPath(Path.Combine(folder, relative));
        var inside = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        return path.StartsWith(inside, StringComparison.Ordinal)
            ? path
            : throw new UserErrorException($"The name '{name}' leads outside the folder {Folder}; use names below it.");
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SaveLabels")]
internal sealed class SaveLabelsMapping() : ConfiguredMapping<
    SaveLabelsMapping.Options,
    ConfiguredInput<Volume<byte>, ReadOnlyMemory<char>>,
    StepOutput<ReadOnlyMemory<char>>>((options, _) =>
    {
        var labels = new LabelSet(options.Structures);
        return (input, output) =>
        {
            var path = options.Save.PathOf(input.Second);
            VolumeFile.WriteLabels(input.Value, labels, path);
            output.Value = path.AsMemory();
        };
    })
{
    internal sealed record Options(SaveLabelsOptions Save, Structure[] Structures);
}
