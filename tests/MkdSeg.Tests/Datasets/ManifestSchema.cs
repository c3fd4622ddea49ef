using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MkdSeg.Common;
using MkdSeg.Datasets;

namespace MkdSeg.Tests.Datasets;

/// <summary>
/// The JSON schema of dataset manifests, for editors that check while typing: made from the types, its descriptions from
/// their documentation.
/// </summary>
internal static partial class ManifestSchema
{
    private static readonly Dictionary<string, string> Summaries = XDocument
        .Load(Path.ChangeExtension(typeof(DatasetManifest).Assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));

    /// <summary>The content of data-manifests/dataset.schema.json.</summary>
    public static string Generate()
    {
        // Numbers as numbers only: the named literals (NaN, Infinity) make no sense in a manifest.
        var options = new JsonSerializerOptions(StrictJson.Options)
        {
            NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        };
        var schema = options.GetJsonSchemaAsNode(typeof(DatasetManifest), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        }).AsObject();
        foreach (var kind in schema["anyOf"]!.AsArray())
            kind!["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return schema.ToJsonString(options) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var name = context.PropertyInfo?.AttributeProvider is MemberInfo member
            ? $"P:{member.DeclaringType!.FullName}.{member.Name}"
            : $"T:{context.TypeInfo.Type.FullName}";
        if (schema is JsonObject node && Summaries.TryGetValue(name, out var summary))
        {
            node.Remove("description");
            node.Insert(0, "description", summary);
        }

        return schema;
    }

    private static string Text(XElement summary) => Whitespace().Replace(
        string.Concat(summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.')[^1],
            XElement element => element.Value,
            _ => "",
        })),
        " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
