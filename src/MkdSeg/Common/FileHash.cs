using System.Security.Cryptography;

namespace MkdSeg.Common;

/// <summary>Hashes in the form used by manifests and bundles: SHA-256 as 64 lower-case hexadecimal digits.</summary>
internal static class FileHash
{
    public static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Of(stream);
    }

    /// <summary>Returns the hash of a stream's remaining bytes.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}
