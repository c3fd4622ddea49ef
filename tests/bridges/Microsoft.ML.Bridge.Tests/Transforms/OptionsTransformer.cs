using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MkdSeg.Bridges.Tests.Transforms;

/// <summary>
/// The pattern by which a transformer of the user's own is saved: a chain of public components, in which a constant
/// column carries the options to a custom mapping and is then dropped.
/// </summary>
public sealed class ScalingTransformer(MLContext ml, string options, DataViewSchema inputSchema) : ITransformer
{
    private readonly ITransformer _inner = ml.Transforms
        .Expression("__options", $"x : \"{Convert.ToBase64String(Encoding.UTF8.GetBytes(options))}\"", "Id")
        .Append(ml.Transforms.CustomMapping(new ScalingFactory().GetMapping(), ScalingFactory.Contract))
        .Append(ml.Transforms.DropColumns("__options"))
        .Fit(EmptyView(ml, inputSchema));

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _inner.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _inner.Transform(input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _inner.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _inner.Save(ctx);

    private static IDataView EmptyView(MLContext ml, DataViewSchema schema) =>
        ml.Data.TakeRows(ml.Data.LoadFromEnumerable(Array.Empty<Data.Case>()), schema.Count);
}

public sealed class ScalingInput
{
    [ColumnName("__options")]
    public string Options { get; set; } = "";

    public float Weight { get; set; }
}

public sealed class ScalingOutput
{
    public float Scaled { get; set; }
}

[CustomMappingFactoryAttribute(Contract)]
public sealed class ScalingFactory : CustomMappingFactory<ScalingInput, ScalingOutput>
{
    public const string Contract = "MkdSeg.Bridges.Tests.Scaling";

    public override Action<ScalingInput, ScalingOutput> GetMapping() => (source, target) =>
        target.Scaled = source.Weight * int.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(source.Options)));
}

/// <summary>A transformer whose Save writes nothing.</summary>
public sealed class UnsavableTransformer : ITransformer
{
    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input) => input;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();

    public void Save(ModelSaveContext ctx)
    {
    }
}
