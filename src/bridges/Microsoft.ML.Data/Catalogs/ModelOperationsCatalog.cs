using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ModelOperationsCatalog
{
    private const string SchemaEntry = "Schema.json";
    private const string ModelFolder = "TransformerChain";
    private readonly IHostEnvironment _environment;

    internal ModelOperationsCatalog(IHostEnvironment environment) => _environment = environment;

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        ModelSaveContext.SaveComponent(archive, ModelFolder, model);
        if (inputSchema == null)
            return;
        using var entry = archive.CreateEntry(SchemaEntry).Open();
        JsonSerializer.Serialize(entry, SavedColumn.Of(inputSchema));
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        inputSchema = null;
        if (archive.GetEntry(SchemaEntry) is { } entry)
        {
            using var columns = entry.Open();
            inputSchema = SavedColumn.ToSchema(JsonSerializer.Deserialize<SavedColumn[]>(columns));
        }
        return ModelLoadContext.LoadComponent(_environment, archive, ModelFolder);
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new() =>
        new(transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition, ownsTransformer: true);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        // Types that are known at run time only, such as vector lengths, come from the schema.
        var definition = SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Read);
        foreach (var column in inputSchema)
        {
            var member = definition[column.Name]
                ?? throw new InvalidOperationException($"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
        }
        return CreatePredictionEngine<TSrc, TDst>(transformer, ignoreMissingColumns: false, definition);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(
            transformer, options.IgnoreMissingColumns, options.InputSchemaDefinition, options.OutputSchemaDefinition,
            options.OwnsTransformer);
    }

    /// <summary>
    /// A column of the input schema; a column of a user's own type is left out, as it has no saved form.
    /// </summary>
    private sealed record SavedColumn(string Name, string Type, int[] Dimensions)
    {
        public static SavedColumn[] Of(DataViewSchema schema)
        {
            var columns = schema
                .Select(column => (column, vector: column.Type as VectorDataViewType))
                .Select(pair => new SavedColumn(
                    pair.column.Name,
                    (pair.vector?.ItemType ?? pair.column.Type).ToString(),
                    pair.vector?.Dimensions.ToArray()))
                .Where(column => MemberTypes.ByNameOrNull(column.Type) != null)
                .ToArray();
            return columns.Length > 0 ? columns : throw new InvalidOperationException("No valid columns to save");
        }

        public static DataViewSchema ToSchema(SavedColumn[] columns) => DataViewSchema.Of(columns.Select(column =>
        {
            var type = MemberTypes.ByNameOrNull(column.Type)
                ?? throw new FormatException(
                    $"Corrupt model file: column '{column.Name}' has the unknown type '{column.Type}'.");
            return new DataViewSchema.DetachedColumn(
                column.Name, column.Dimensions == null ? type : new VectorDataViewType(type, column.Dimensions));
        }));
    }
}
