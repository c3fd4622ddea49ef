using MkdSeg.ML.Catalog;

namespace Microsoft.ML;

/// <summary>Adds segmentation to <see cref="MLContext"/>.</summary>
public static class SegmentationContextExtensions
{
    /// <summary>Returns the catalog for segmenting volumes.</summary>
    /// <param name="context">The context.</param>
    public static SegmentationCatalog Segmentation(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SegmentationCatalog(context);
    }
}
