namespace MkdSeg.Phantom.Internals;

/// <summary>What a volume on disk was made from, so that it need not be made twice.</summary>
internal sealed record PhantomStamp(int Version, PhantomRequest Request, string ImageSha256, string LabelSha256);
