using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests;

internal static class TestWeights
{
    /// <summary>SHA-256 over names, shapes and values.</summary>
    public static string ComputeHash(this Weights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var array in weights.Arrays)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{array.Name} ({string.Join(' ', array.Shape)}) "));
            hash.AppendData(MemoryMarshal.AsBytes(array.Values.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Copies weights into parameters of the same names.</summary>
    public static void Load(this ParameterSet parameters, Weights weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var array in weights.Arrays)
            parameters[array.Name].detach().copy_(tensor(array.Values, array.Shape));
    }
}
