using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Onnx;

public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(OnnxTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToMap();
        foreach (var name in Transformer.Inputs)
        {
            if (!columns.TryGetValue(name, out var column))
                throw SchemaErrors.Missing(name);
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw SchemaErrors.Mismatch(name, "vector", column.TypeString());
            var expected = Transformer.Model.Input(name).ItemType;
            if (!expected.Equals(column.ItemType))
                throw SchemaErrors.Mismatch(name, expected.ToString(), column.ItemType.ToString());
        }
        foreach (var name in Transformer.Outputs)
            columns[name] = SchemaShape.ColumnOf(name, Transformer.Model.Output(name).ColumnType, null);
        return new SchemaShape(columns.Values);
    }
}
