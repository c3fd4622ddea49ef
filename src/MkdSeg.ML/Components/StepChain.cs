using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Components;

/// <summary>Builds the chain of ML.NET's own estimators that a step wraps.</summary>
internal static class StepChain
{
    /// <summary>
    /// Copies the inputs to the step's fixed names, supplies the options as a text column (what an expression holds is
    /// saved with the model; a custom mapping's state is not), runs the step, copies the output to its name and drops
    /// the fixed names.
    /// </summary>
    public static IEstimator<ITransformer> Create<TOptions, TInput, TOutput>(
        TransformsCatalog catalog,
        StepSignature signature,
        StepMapping<TOptions, TInput, TOutput> mapping,
        TOptions options,
        params IReadOnlyList<byte[]> payloads)
        where TOptions : class
        where TInput : StepInput, new()
        where TOutput : class, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        IEstimator<ITransformer> chain = catalog.CustomMapping(
            new AnchorMapping().GetMapping(), AnchorMapping.Contract);
        chain = chain.Append(catalog.Expression(
            StepColumnNames.Options, $"x : \"{StepOptions.Encode(options, payloads)}\"", StepColumnNames.Anchor));
        foreach (var input in signature.Inputs)
        {
            chain = chain.Append(catalog.CopyColumns(input.InnerName, input.Name));
        }

        var contract = mapping.GetType().GetCustomAttribute<CustomMappingFactoryAttributeAttribute>()!.ContractName;
        string[] inner =
        [
            StepColumnNames.Anchor,
            StepColumnNames.Options,
            .. signature.Inputs.Select(input => input.InnerName),
            signature.Output.InnerName,
        ];
        return chain
            .Append(catalog.CustomMapping(mapping.GetMapping(), contract))
            .Append(catalog.CopyColumns(signature.Output.Name, signature.Output.InnerName))
            .Append(catalog.DropColumns(inner));
    }
}
