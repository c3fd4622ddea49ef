using Microsoft.ML.OnnxRuntime;

namespace MkdSeg.ML.Inference;

/// <summary>A generator in ONNX format: gives slices (N, 1, H, W) of one modality the look of another, in [-1, 1].</summary>
internal sealed class OnnxTranslator : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _name;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly RunOptions _runOptions = new();
    private readonly int _channels;

    /// <summary>Loads a generator from the bytes of an ONNX file.</summary>
    public OnnxTranslator(byte[] model, InferenceOptions? options = null, string name = "The generator")
    {
        _name = name;
        options ??= InferenceOptions.Default;
        (_session, _) = Engines.Open(model, name, options, options.Threads);
        _inputNames = [.. _session.InputMetadata.Keys];
        _outputNames = [.. _session.OutputMetadata.Keys];
        if (_inputNames.Length != 1 || _outputNames.Length != 1)
        {
            Dispose();
            throw new UserErrorException(
                $"{name} has {_inputNames.Length} inputs and {_outputNames.Length} outputs; a generator has one of each.");
        }

        _channels = _session.InputMetadata[_inputNames[0]].Dimensions[1];
    }

    /// <summary>Translates every slice of a prepared volume in turn.</summary>
    public Volume<float> Translate(Volume<float> volume, CancellationToken cancellation = default)
    {
        var size = volume.Grid.Size;
        var result = new Volume<float>(volume.Grid);
        var cpu = OrtMemoryInfo.DefaultInstance;
        for (var z = 0; z < size.Z; z += _channels)
        {
            cancellation.ThrowIfCancellationRequested();
            using var input = OrtValue.CreateTensorValueFromMemory(cpu, Image(volume, z), [1, _channels, size.Y, size.X]);
            using var output = OrtValue.CreateTensorValueFromMemory(cpu, Image(result, z), [1, _channels, size.Y, size.X]);
            try
            {
                _session.Run(_runOptions, _inputNames, [input], _outputNames, [output]);
            }
            catch (OnnxRuntimeException error)
            {
                throw new UserErrorException(
                    $"{_name} failed on slices of {size.X}×{size.Y} pixels ({error.Message.Split('\n')[0].Trim()}); "
                    + "prepare the volume with the settings of the generator's bundle.",
                    error);
            }
        }

        return result;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private Memory<float> Image(Volume<float> volume, int first) => volume.Voxels.AsMemory(
        first * volume.Grid.Size.SliceLength, _channels * volume.Grid.Size.SliceLength);
}
