using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToMap();
        var inputs = TypedMember<TSrc>.Create(Transformer.InputSchemaDefinition, SchemaDefinition.Direction.Both);
        foreach (var member in inputs)
        {
            if (!columns.TryGetValue(member.Column.Name, out var found))
                throw SchemaErrors.Missing(member.Column.Name);
            var expected = SchemaShape.ColumnOf(member.Column.Name, member.Column.Type, null);
            // Where any length will do, a fixed one will.
            var kindFits = expected.Kind == SchemaShape.Column.VectorKind.VariableVector
                ? found.Kind != SchemaShape.Column.VectorKind.Scalar
                : found.Kind == expected.Kind;
            if (!kindFits || found.IsKey || !expected.ItemType.Equals(found.ItemType))
                throw SchemaErrors.Mismatch(member.Column.Name, member.Column.Type.ToString(), found.TypeString());
        }
        foreach (var member in Transformer.Outputs)
        {
            columns[member.Column.Name] = SchemaShape.ColumnOf(
                member.Column.Name, member.Column.Type, member.Column.Annotations);
        }
        return new SchemaShape(columns.Values);
    }
}
