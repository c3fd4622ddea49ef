using System.Security.Cryptography;
using MkdSeg.Common;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Inference;

/// <summary>
/// One segmentor per network and options, however many pipelines and cursors use it; freed when none does any more.
/// </summary>
internal static class OnnxSegmentorPool
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Sha256, InferenceOptions Options), WeakReference<OnnxSegmentor>> Loaded =
        [];

    /// <summary>The segmentor of a network that a text column holds; callers do not dispose it.</summary>
    /// <exception cref="UserErrorException">As <see cref="OnnxSegmentor"/>'s constructor.</exception>
    public static OnnxSegmentor Get(ReadOnlyMemory<char> network, InferenceOptions options) =>
        Get(StepOptions.FromBase64(network.Span), options);

    /// <summary>The segmentor of a network; callers do not dispose it.</summary>
    /// <exception cref="UserErrorException">As <see cref="OnnxSegmentor"/>'s constructor.</exception>
    public static OnnxSegmentor Get(byte[] model, InferenceOptions options)
    {
        var key = (Convert.ToHexStringLower(SHA256.HashData(model)), options);
        lock (Gate)
        {
            if (Loaded.TryGetValue(key, out var reference) && reference.TryGetTarget(out var shared))
                return shared;
            var segmentor = new OnnxSegmentor(model, options);
            Loaded[key] = new WeakReference<OnnxSegmentor>(segmentor);
            return segmentor;
        }
    }

    /// <summary>What turns the texts of as many network columns into segmentors.</summary>
    public static TextMemo<OnnxSegmentor>[] Memos(int count, InferenceOptions options) =>
        [.. Enumerable.Range(0, count).Select(_ => new TextMemo<OnnxSegmentor>(text => Get(text, options)))];
}
