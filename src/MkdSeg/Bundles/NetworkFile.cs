namespace MkdSeg.Bundles;

/// <summary>One ONNX file of a bundle.</summary>
public sealed record NetworkFile
{
    /// <summary>What the network is, see <see cref="NetworkRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>File name inside the bundle, such as "S_real.onnx".</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, 64 lower-case hexadecimal digits; filled in when the bundle is written.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Name of the ONNX input, shape (N, C, H, W).</summary>
    public required string InputName { get; init; }

    /// <summary>
    /// Name of the ONNX output, shape (N, K, H, W): probabilities of a segmentor, image of a generator.
    /// </summary>
    public required string OutputName { get; init; }

    /// <summary>Height and width must be multiples of this.</summary>
    public required int SizeMultiple { get; init; }
}
