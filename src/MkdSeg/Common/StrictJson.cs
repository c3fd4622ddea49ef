using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MkdSeg.Common;

/// <summary>
/// JSON files that people edit: camel-case keys, comments and trailing commas allowed. Every mistake is an error that
/// states where it is; an unknown key is an error that names the nearest valid key.
/// </summary>
internal static class StrictJson
{
    private const string Schema = "$schema";

    /// <summary>The settings with which this program reads and writes all JSON.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    public static T Load<T>(string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"{path}: there is no such file.");
        return Parse<T>(File.ReadAllText(path), path);
    }

    public static T Parse<T>(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json, DocumentOptions);
            CheckKeys(document.RootElement, Options.GetTypeInfo(typeof(T)), "", source);
            return Deserialize<T>(json, document)
                ?? throw new UserErrorException($"{source}: the file contains null instead of an object.");
        }
        catch (JsonException error)
        {
            var place = error.LineNumber is { } line ? $" (line {line + 1})" : "";
            var path = error.Path is { Length: > 1 } where ? $" at {where}" : "";
            throw new UserErrorException($"{source}{place}: {FirstSentence(error.Message)}{path}.", error);
        }
    }

    /// <summary>Formats a value as text that <see cref="Parse{T}"/> reads, indented, ending with a line feed.</summary>
    public static string Format<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    public static void Save<T>(string path, T value) => AtomicFile.WriteText(path, Format(value));

    /// <summary>Returns the candidate that is the fewest edits away, or null if none is close.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (Candidate: candidate, Edits: EditDistance(text, candidate)))
            .OrderBy(pair => pair.Edits).ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Candidate is { } name && nearest.Edits <= Math.Max(2, Math.Max(text.Length, name.Length) / 2)
            ? name
            : null;
    }

    private static JsonDocumentOptions DocumentOptions => new()
    {
        CommentHandling = Options.ReadCommentHandling,
        AllowTrailingCommas = Options.AllowTrailingCommas,
        AllowDuplicateProperties = Options.AllowDuplicateProperties,
    };

    private static T? Deserialize<T>(string json, JsonDocument document)
    {
        var element = document.RootElement;
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(Schema, out _))
            return JsonSerializer.Deserialize<T>(json, Options);
        // Editors need the key, but the serializer treats every key with a dollar sign as its own.
        var root = JsonNode.Parse(json, documentOptions: DocumentOptions)!.AsObject();
        root.Remove(Schema);
        return root.Deserialize<T>(Options);
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            AllowOutOfOrderMetadataProperties = true,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void CheckKeys(JsonElement element, JsonTypeInfo type, string path, string source)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                var discriminator = type.PolymorphismOptions?.TypeDiscriminatorPropertyName;
                type = DerivedType(element, type, path, source);
                var known = type.Properties.Where(property => property.Set is not null || property.IsRequired)
                    .ToDictionary(property => property.Name, StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (member.Name == discriminator || (path.Length == 0 && member.Name == Schema))
                        continue;
                    if (!known.TryGetValue(member.Name, out var property))
                    {
                        var hint = Nearest(member.Name, known.Keys) is { } nearest ? $"did you mean '{nearest}'? " : "";
                        throw new UserErrorException(
                            $"{source}: unknown key '{path}{member.Name}'; {hint}known keys are "
                            + $"{string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
                    }

                    CheckKeys(
                        member.Value, Options.GetTypeInfo(property.PropertyType), $"{path}{member.Name}.", source);
                }

                break;
            case JsonTypeInfoKind.Enumerable
                when element.ValueKind == JsonValueKind.Array && type.ElementType is { } item:
                var index = 0;
                foreach (var child in element.EnumerateArray())
                    CheckKeys(child, Options.GetTypeInfo(item), $"{path.TrimEnd('.')}[{index++}].", source);
                break;
            case JsonTypeInfoKind.Dictionary
                when element.ValueKind == JsonValueKind.Object && type.ElementType is { } value:
                foreach (var member in element.EnumerateObject())
                    CheckKeys(member.Value, Options.GetTypeInfo(value), $"{path}{member.Name}.", source);
                break;
        }
    }

    private static JsonTypeInfo DerivedType(JsonElement element, JsonTypeInfo type, string path, string source)
    {
        if (type.PolymorphismOptions is not { } polymorphism)
            return type;
        var key = polymorphism.TypeDiscriminatorPropertyName;
        var kinds = polymorphism.DerivedTypes.ToDictionary(derived => (string)derived.TypeDiscriminator!);
        if (!element.TryGetProperty(key, out var kind) || kind.ValueKind != JsonValueKind.String)
        {
            throw new UserErrorException(
                $"{source}: the key '{path}{key}' is missing; it must be {string.Join(" or ", kinds.Keys)}.");
        }

        return kinds.TryGetValue(kind.GetString()!, out var found)
            ? Options.GetTypeInfo(found.DerivedType)
            : throw new UserErrorException(
                $"{source}: '{path}{key}' is '{kind.GetString()}'; it must be {string.Join(" or ", kinds.Keys)}.");
    }

    private static string FirstSentence(string message)
    {
        var path = message.IndexOf(" Path:", StringComparison.Ordinal);
        return (path < 0 ? message : message[..path]).TrimEnd('.', ' ');
    }

    private static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                var edits = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = edits;
            }
        }

        return row[b.Length];
    }
}
