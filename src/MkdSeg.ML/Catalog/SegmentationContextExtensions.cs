using MkdSeg.ML.Catalog;

namespace Microsoft.ML;

/// <summary>The way from an <see cref="MLContext"/> to segmentation.</summary>
public static class SegmentationContextExtensions
{
    /// <summary>What there is for the segmentation of volumes.</summary>
    /// <param name="context">The context.</param>
    public static SegmentationCatalog Segmentation(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SegmentationCatalog(context);
    }
}
