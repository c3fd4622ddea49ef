using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;

    internal CustomMappingTransformer(
        Action<TSrc, TDst> mapAction,
        string contractName,
        SchemaDefinition inputSchemaDefinition,
        SchemaDefinition outputSchemaDefinition)
    {
        ArgumentNullException.ThrowIfNull(mapAction);
        _mapAction = mapAction;
        _contractName = contractName;
        InputSchemaDefinition = inputSchemaDefinition;
        Outputs = TypedMember<TDst>.Create(outputSchemaDefinition, SchemaDefinition.Direction.Write);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal SchemaDefinition InputSchemaDefinition { get; }

    internal TypedMember<TDst>[] Outputs { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Map(inputSchema, null).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Map(input.Schema, input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Map(inputSchema, null);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (_contractName == null)
            throw new InvalidOperationException("Empty contract name for a transform: the transform cannot be saved");
        // The factory is looked up in the assembly of the mapping's code, so that loading finds it by itself.
        ctx.Describe(
            typeof(CustomMappingLoader).AssemblyQualifiedName,
            _contractName, _mapAction.Method.DeclaringType!.Assembly.FullName);
    }

    private MappedDataView Map(DataViewSchema schema, IDataView source) =>
        new(schema, source, new Mapper(this, schema));

    private sealed class Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema schema) : IRowMapper
    {
        private readonly TypedReader<TSrc> _source = new(schema, false, parent.InputSchemaDefinition);

        public DataViewSchema.DetachedColumn[] OutputColumns =>
            parent.Outputs.Select(member => member.Column).ToArray();

        public IEnumerable<DataViewSchema.Column> GetDependencies(bool[] activeOutputs) =>
            activeOutputs.Contains(true) ? _source.Columns : [];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
        {
            disposer = null;
            var getters = new Delegate[activeOutputs.Length];
            if (!activeOutputs.Contains(true))
                return getters;

            // One source and one destination object for the whole walk; mapped once per row, by the first getter asked.
            var (source, destination) = (new TSrc(), new TDst());
            var fill = _source.Over(input);
            var mappedPosition = -1L;
            TDst Current()
            {
                if (mappedPosition != input.Position)
                {
                    fill(source);
                    parent._mapAction(source, destination);
                    mappedPosition = input.Position;
                }
                return destination;
            }

            for (var i = 0; i < getters.Length; i++)
            {
                if (activeOutputs[i])
                    getters[i] = parent.Outputs[i].GetterOver(Current);
            }
            return getters;
        }
    }
}

internal static class CustomMappingLoader
{
    internal static ITransformer Load(ModelLoadContext context)
    {
        var (contractName, assemblyName) = (context.Values[0], context.Values[1]);
        context.Environment.ComponentCatalog.RegisterAssembly(Assembly.Load(assemblyName));
        var factory = context.Environment.ComponentCatalog
            .CreateExtension<CustomMappingFactoryAttributeAttribute>(contractName) as ICustomMappingFactory
            ?? throw new InvalidOperationException(
                $"The class with contract '{contractName}' must derive from CustomMappingFactory.");
        return factory.CreateTransformer(context.Environment, contractName);
    }
}
