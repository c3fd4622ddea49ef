using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using MkdSeg.Common;

namespace MkdSeg.Datasets;

/// <summary>The JSON schema of dataset manifests, made from the types, for editors that check while typing.</summary>
public static class ManifestSchema
{
    /// <summary>The schema, the content of data-manifests/dataset.schema.json.</summary>
    public static string Generate()
    {
        // Numbers as numbers only: the named literals (NaN, Infinity) make no sense in a manifest.
        var options = new JsonSerializerOptions(StrictJson.Options) { NumberHandling = JsonNumberHandling.Strict };
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
        var described = (ICustomAttributeProvider?)context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (schema is JsonObject node
            && described.GetCustomAttributes(typeof(DescriptionAttribute), false).FirstOrDefault()
                is DescriptionAttribute description)
        {
            node.Remove("description");
            node.Insert(0, "description", description.Description);
        }

        return schema;
    }
}
