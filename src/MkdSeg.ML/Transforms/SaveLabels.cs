using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.IO;

namespace MkdSeg.ML.Transforms;

/// <summary>Where the file of a row goes.</summary>
public sealed record SaveLabelsOptions
{
    /// <summary>The text column with the file's name without ending; a path if <see cref="Folder"/> is null.</summary>
    public string NameColumnName { get; init; } = "Name";

    /// <summary>The folder that names start from, made where it is missing; null: names are paths.</summary>
    public string? Folder { get; init; }

    /// <summary>What is put behind the name: .nii, .nii.gz, .nrrd or .mha; empty where names have it.</summary>
    public string Extension { get; init; } = ".nii.gz";

    /// <summary>The path of a row's file; refuses an empty name and one that leads out of the folder.</summary>
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
            : throw new UserErrorException($"The name '{name}' leads out of the folder {Folder}; give names below it.");
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
