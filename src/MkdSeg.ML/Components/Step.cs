using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Components;

/// <summary>What an estimator is made of: its columns, and a chain of ML.NET's own estimators that works.</summary>
internal sealed record Step(StepSignature Signature, IEstimator<ITransformer> Chain)
{
    /// <summary>
    /// A step of a single mapping. Its chain copies the inputs to fixed names, supplies the options as a text column (what
    /// an expression holds is saved with the model; a custom mapping's state is not), runs the mapping, copies the output
    /// to its name and drops the fixed names.
    /// </summary>
    public static Step Create<TOptions, TInput, TOutput>(
        TransformsCatalog catalog,
        StepSignature signature,
        StepMapping<TOptions, TInput, TOutput> mapping,
        TOptions options)
        where TOptions : class
        where TInput : StepInput, new()
        where TOutput : class, new()
    {
        var chain = Constant(catalog, StepColumnNames.Options, StepOptions.Encode(options));
        foreach (var input in signature.Inputs)
            chain = chain.Append(catalog.CopyColumns(input.InnerName, input.Name));
        var contract = mapping.GetType().GetCustomAttribute<CustomMappingFactoryAttributeAttribute>()!.ContractName;
        string[] inner =
        [
            StepColumnNames.Options,
            .. signature.Inputs.Select(input => input.InnerName),
            signature.Output.InnerName,
        ];
        return new(signature, chain
            .Append(catalog.CustomMapping(mapping.GetMapping(), contract))
            .Append(catalog.CopyColumns(signature.Output.Name, signature.Output.InnerName))
            .Append(catalog.DropColumns(inner)));
    }

    /// <summary>A step that reads networks from text columns, with the networks supplied and dropped around it.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="networks">The bytes of ONNX files.</param>
    /// <param name="create">The step for the names of the networks' columns.</param>
    public static Step WithNetworks(
        TransformsCatalog catalog, IReadOnlyList<byte[]> networks, Func<string[], Step> create)
    {
        string[] names = [.. networks.Select((_, i) => StepColumnNames.Network + i)];
        var step = create(names);
        var chain = names
            .Zip(networks, (name, network) => Constant(catalog, name, Convert.ToBase64String(network)))
            .Aggregate((all, next) => all.Append(next))
            .Append(step.Chain)
            .Append(catalog.DropColumns(names));
        return new(step.Signature.Without(names), chain);
    }

    /// <summary>
    /// A step whose mapping gives one value for each name: the output is a vector that has the names as its slots' names.
    /// </summary>
    /// <remarks>
    /// A custom mapping cannot save annotations. A concatenation of scalar columns can, and names its slots after them; so
    /// each value becomes a column of its name for as long as the chain lasts.
    /// </remarks>
    public static Step CreateNamed<TOptions, TInput>(
        TransformsCatalog catalog,
        StepSignature signature,
        IReadOnlyList<string> names,
        StepMapping<TOptions, TInput, ValuesOutput> mapping,
        TOptions options)
        where TOptions : class
        where TInput : StepInput, new()
    {
        var output = signature.Output;
        var values = (StepColumnNames.Values, new VectorDataViewType(NumberDataViewType.Single));
        var chain = Create(catalog, signature.WithOutput(values), mapping, options).Chain;
        for (var i = 0; i < names.Count; i++)
        {
            StepSignature pick = new(signature.Step, (names[i], NumberDataViewType.Single), values);
            chain = chain.Append(Create(catalog, pick, new PickMapping(), new PickMapping.Options(i)).Chain);
        }

        return new(
            signature.WithTransients(names),
            chain.Append(catalog.Concatenate(output.Name, [.. names]))
                .Append(catalog.DropColumns([.. names, StepColumnNames.Values])));
    }

    /// <summary>A step that reads nothing and gives every row the same text.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="column">The text column.</param>
    /// <param name="text">The text, without quotes and escapes.</param>
    public static IEstimator<ITransformer> Constant(TransformsCatalog catalog, string column, string text)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        // An expression needs an input, whatever columns the data has.
        return catalog.CustomMapping(new AnchorMapping().GetMapping(), AnchorMapping.Contract)
            .Append(catalog.Expression(column, $"x : \"{text}\"", StepColumnNames.Anchor))
            .Append(catalog.DropColumns(StepColumnNames.Anchor));
    }
}
