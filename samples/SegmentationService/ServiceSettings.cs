namespace SegmentationService;

/// <summary>What the command line, the environment or appsettings.json may say.</summary>
public sealed class ServiceSettings
{
    /// <summary>The model bundle's folder.</summary>
    public string Bundle { get; set; } = "onnx/phantom-ct";

    /// <summary>Larger uploads are answered with 413.</summary>
    public long LargestUploadBytes { get; set; } = 512L << 20;

    /// <summary>Volumes that are segmented at the same time; each takes memory for itself.</summary>
    public int AtOnce { get; set; } = 1;

    /// <summary>Requests that wait; further ones are answered with 503.</summary>
    public int LongestQueue { get; set; } = 8;
}
