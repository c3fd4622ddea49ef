using System.CommandLine;
using System.Globalization;
using System.Numerics;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;

namespace MkdSeg.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary><c>--device</c></summary>
    public static Option<string> Device() => new("--device")
    {
        Description = "auto, cpu, or cuda.",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary><c>--threads</c></summary>
    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads of the engine; 0: one per core.",
        DefaultValueFactory = _ => 0,
    };

    /// <summary>The numbers of a list with commas.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="list">The list.</param>
    /// <exception cref="UserErrorException">A part is no number, or there is none.</exception>
    public static IReadOnlyList<T> Numbers<T>(string option, string list)
        where T : INumberBase<T>
    {
        var numbers = new List<T>();
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!T.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new UserErrorException(
                    $"{option} is '{list}'; numbers with commas between them are needed, such as 1,2.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>The two numbers of a part such as 3/8; null where there is no text.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="UserErrorException">It is no such part.</exception>
    public static (int Index, int Count)? Fraction(string option, string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? (index, count)
                : throw new UserErrorException($"{option} is '{text}'; a part such as 3/8 is needed.");
    }

    /// <summary><c>--labels</c></summary>
    public static Option<string?> Labels() => new("--labels")
    {
        Description = "A manifest or bundle that says what the values mean; default: the whole heart as in MM-WHS.",
    };

    /// <summary>The label set that <c>--labels</c> names.</summary>
    public static LabelSet LabelsOf(string? source) => source switch
    {
        null => LabelSet.WholeHeart,
        _ when File.Exists(Path.Combine(source, ModelBundle.DescriptionFile)) => ModelBundle.Load(source).LabelSet,
        _ when source.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) => ModelBundle.Load(source).LabelSet,
        _ => DatasetManifest.Load(source).LabelSet,
    };

    /// <summary>The data set of photographs that <c>--labels</c> names; null where it names something else.</summary>
    /// <param name="source">The option's value.</param>
    /// <param name="dataRoot">The folder with the data set's files.</param>
    public static PhotographManifest? PhotographsOf(string? source, string dataRoot) =>
        source is not null && source.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? DatasetManifest.Load(source, dataRoot) as PhotographManifest
            : null;
}
