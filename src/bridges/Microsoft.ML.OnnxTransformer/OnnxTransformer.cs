using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    private const string ModelEntry = "OnnxModel.onnx";

    internal OnnxTransformer(IHostEnvironment environment, OnnxOptions options)
        : this(environment, options, File.ReadAllBytes(FileOf(options)))
    {
    }

    private OnnxTransformer(IHostEnvironment environment, OnnxOptions options, byte[] bytes)
    {
        var context = (IHostEnvironmentInternal)environment;
        // The context's settings apply where the call gives none, and after loading.
        var gpuDeviceId = options.GpuDeviceId ?? context.GpuDeviceId;
        var fallbackToCpu = options.GpuDeviceId == null ? context.FallbackToCpu : options.FallbackToCpu;
        try
        {
            Model = new OnnxModel(bytes, options, gpuDeviceId, fallbackToCpu);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidOperationException($"Error initializing model: {exception.Message}", exception);
        }
        Inputs = options.InputColumns is { Length: > 0 } inputs ? inputs : Model.InputNames.ToArray();
        Outputs = options.OutputColumns is { Length: > 0 } outputs ? outputs : Model.OutputNames.ToArray();
        foreach (var name in Outputs)
            Model.Output(name);
        foreach (var name in Inputs)
            Model.Input(name);
    }

    internal OnnxModel Model { get; }

    internal string[] Inputs { get; }

    internal string[] Outputs { get; }

    public void Dispose() => Model.Dispose();

    internal static OnnxTransformer Load(ModelLoadContext context)
    {
        var inputCount = int.Parse(context.Values[0], CultureInfo.InvariantCulture);
        var names = context.Values[1..];
        var options = new OnnxOptions { InputColumns = names[..inputCount], OutputColumns = names[inputCount..] };
        return new OnnxTransformer(context.Environment, options, context.ReadBytes(ModelEntry));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Describe(
            GetType().AssemblyQualifiedName,
            [Inputs.Length.ToString(CultureInfo.InvariantCulture), .. Inputs, .. Outputs]);
        ctx.WriteBytes(ModelEntry, Model.Bytes);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new OnnxRowMapper(this, schema);

    private static string FileOf(OnnxOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ModelFile))
            throw new ArgumentException("No ONNX model file is given.", nameof(options));
        return File.Exists(options.ModelFile) ? options.ModelFile
            : throw new FileNotFoundException($"Model file {options.ModelFile} does not exist.", options.ModelFile);
    }
}
