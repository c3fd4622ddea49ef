using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MkdSeg.Datasets;

namespace MkdSeg.Bundles;

public sealed partial record ModelBundle
{
    private BundleSource? _source;

    /// <summary>Loads a bundle and checks its format version and the hash of every network file.</summary>
    /// <param name="folderOrZip">The folder that contains model.json, or a zip of it.</param>
    /// <exception cref="UserErrorException">The bundle cannot be loaded; the message says why in one sentence.</exception>
    public static ModelBundle Load(string folderOrZip) => Load(BundleSource.Open(folderOrZip));

    /// <summary>Returns the bytes of a network's ONNX file, checked against its hash.</summary>
    /// <param name="role">See <see cref="NetworkRoles"/>.</param>
    /// <exception cref="UserErrorException">The bundle has no such network, or the file has changed.</exception>
    /// <exception cref="InvalidOperationException">The bundle was created in memory and has no files.</exception>
    public byte[] ReadNetwork(string role)
    {
        var source = Source;
        var network = FindNetwork(role) ?? throw new UserErrorException(
            $"{source.Name}: the bundle has no network {role}; it has "
            + $"{string.Join(", ", Networks.Select(n => n.Role))}.");
        return ReadChecked(source, network);
    }

    /// <summary>
    /// Computes the SHA-256, 64 lower-case hexadecimal digits, of everything that determines the results: the networks, the
    /// preprocessing, the labels and the thresholds, but not the name or the records of training and scores.
    /// </summary>
    public string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StrictJson.Format(
        this with
        {
            Name = "",
            Training = null,
            Metrics = [],
            ToolVersions = new Dictionary<string, string>(),
            Created = null,
        }))));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Modality}, {Networks.Count} networks)";

    private BundleSource Source => _source ?? throw new InvalidOperationException(
        $"The bundle {Name} was created in memory; write it with {nameof(BundleWriter)} to read its networks.");

    internal void Validate(string source)
    {
        _ = WithSource(source, () => new LabelSet(Labels));
        Preprocessing.Validate(source);
        AssistantPreprocessing?.Validate(source);
        Locator?.Validate(source);
        Quality?.Validate(source, Labels);
        if (Locator is null != FindNetwork(NetworkRoles.Locator) is null)
        {
            throw new UserErrorException(
                $"{source}: the bundle has {(Locator is null ? "a locator network without its settings" : "locator settings but no locator network")}"
                + "; copy the bundle again.");
        }

        if (Networks.Count == 0)
            throw new UserErrorException($"{source}: the bundle lists no network.");
        foreach (var network in Networks)
        {
            if (network.File != Path.GetFileName(network.File) || network.File.Length == 0
                || network.File == DescriptionFile)
            {
                throw new UserErrorException(
                    $"{source}: the file of network {network.Role} is '{network.File}'; it must be a plain file name.");
            }

            if (network.SizeMultiple < 1)
            {
                throw new UserErrorException(
                    $"{source}: the sizeMultiple of network {network.Role} is {network.SizeMultiple}; it must be at "
                    + "least 1.");
            }
        }

        var twice = Networks.GroupBy(n => n.Role).Concat(Networks.GroupBy(n => n.File))
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new UserErrorException($"{source}: '{twice.Key}' is listed for two networks.");
    }

    private static ModelBundle Load(BundleSource source)
    {
        var description = source.Read(DescriptionFile) ?? throw new UserErrorException(
            $"{source.Name}: it contains no {DescriptionFile}, so it is not a model bundle.");
        var where = Path.Combine(source.Name, DescriptionFile);
        var json = Encoding.UTF8.GetString(description);
        CheckVersion(json, where);
        var bundle = StrictJson.Parse<ModelBundle>(json, where);
        bundle.Validate(where);
        bundle._source = source;
        foreach (var network in bundle.Networks)
            ReadChecked(source, network);
        return bundle;
    }

    /// <summary>Runs first, because a newer format may have keys that this program does not support.</summary>
    private static void CheckVersion(string json, string where)
    {
        int? version;
        try
        {
            using var document = JsonDocument.Parse(json);
            version = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("formatVersion", out var found)
                && found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number)
                    ? number
                    : null;
        }
        catch (JsonException error)
        {
            throw new UserErrorException(
                $"{where}: the file is not valid JSON (line {error.LineNumber + 1}); copy the bundle again.", error);
        }

        if (version is null)
            throw new UserErrorException($"{where}: formatVersion is missing, so it is not a model bundle.");
        if (version is < 1 or > CurrentFormatVersion)
        {
            throw new UserErrorException(
                $"{where}: the bundle has format version {version}, but this program reads up to {CurrentFormatVersion}; "
                + "update the program.");
        }
    }

    private static byte[] ReadChecked(BundleSource source, NetworkFile network)
    {
        var bytes = source.Read(network.File) ?? throw new UserErrorException(
            $"{source.Name}: {network.File}, the file of network {network.Role}, is missing; copy the bundle again.");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return hash == network.Sha256
            ? bytes
            : throw new UserErrorException(
                $"{source.Name}: {network.File} has the SHA-256 {Short(hash)}, but {DescriptionFile} lists "
                + $"{Short(network.Sha256)}; the file is damaged or was replaced, so copy the bundle again.");

        static string Short(string hash) => hash.Length > 12 ? hash[..12] + "…" : $"'{hash}'";
    }

    private static T WithSource<T>(string source, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (UserErrorException error)
        {
            throw new UserErrorException($"{source}: {error.Message}", error);
        }
    }
}
