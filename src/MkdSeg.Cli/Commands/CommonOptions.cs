using System.Globalization;
using System.Numerics;

namespace MkdSeg.Cli.Commands;

internal static class CommonOptions
{
    public const string SeedDescription =
        "The same seed gives the same weights on the same machine with the same number of threads.";

    public static Option<T> New<T>(string name, string description) => new(name) { Description = description };

    public static Option<T> Required<T>(string name, string description) =>
        new(name) { Description = description, Required = true };

    public static Option<T> WithDefault<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    public static Option<string> Device() =>
        WithDefault("--device", "auto, cpu, cuda, or cuda:N for GPU number N.", "auto");

    public static Option<int> Threads() => WithDefault("--threads", "Number of engine threads; 0: one per core.", 0);

    public static Option<string?> DataRoot() =>
        New<string?>("--data-root", "Folder of the manifest's files; default: the manifest's own folder.");

    public static Option<string?> Labels() => New<string?>(
        "--labels",
        "A manifest or bundle that defines the label values; default: the whole heart as in MM-WHS.");

    /// <summary>Parses the numbers of a comma-separated list.</summary>
    public static IReadOnlyList<T> Numbers<T>(string option, string list)
        where T : INumberBase<T> =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries).Select(part =>
                T.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new UserErrorException(
                        $"{option} is '{list}'; give whole numbers separated by commas, such as 1,2.")),
        ];

    /// <summary>Parses the two numbers of a part such as 3/8; null if there is no text.</summary>
    public static (int Index, int Count)? Fraction(string option, string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? (index, count)
                : throw new UserErrorException($"{option} is '{text}'; give a part such as 3/8.");
    }

    /// <summary>Splits NAME=FOLDER into name and folder; null for anything else.</summary>
    public static (string Name, string Folder)? NamedFolder(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..]) : null;
    }

    public static LabelSet LabelsOf(string? source) => source switch
    {
        null => LabelSet.WholeHeart,
        _ when IsBundle(source) => ModelBundle.Load(source).LabelSet,
        _ => DatasetManifest.Load(source).LabelSet,
    };

    /// <summary>The photograph data set that <c>--labels</c> names; null if it names something else.</summary>
    public static PhotographManifest? PhotographsOf(string? source, string dataRoot) =>
        source is not null && source.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? DatasetManifest.Load(source, dataRoot) as PhotographManifest
            : null;

    public static bool IsBundle(string path) =>
        File.Exists(Path.Combine(path, ModelBundle.DescriptionFile))
        || path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
}
