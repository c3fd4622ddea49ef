using MkdSeg.Datasets;
using MkdSeg.Rendering;
using MkdSeg.Reports.Model;
using MkdSeg.Reports.Viewer;

namespace MkdSeg.Reports.Pictures;

/// <summary>Pictures of annotation and prediction in three planes through the annotation's middle.</summary>
internal static class PlanePictures
{
    private const int HeightPx = 300;
    private const double MarginMm = 30;

    /// <summary>Draws the heart and what is around it.</summary>
    public static CasePictures Draw(
        CaseVolumes volumes, string caseId, string rank, double? dice, LabelSet labels, (double Lower, double Upper) window)
    {
        var region = VoxelRegion.Around([.. volumes.Masks.Select(mask => mask.Mask)], MarginMm);
        var shown = region is { } box ? volumes.Cut(box) : volumes;
        var first = shown.Masks[0];
        var rows = shown.Masks.Count > 1 && first.Name == CaseVolumes.Truth
            ? new[] { first, shown.Masks[^1] }
            : [shown.Masks[^1]];
        return new(
            caseId,
            rank,
            dice,
            [
                .. rows.Select(row => (
                    row.Name,
                    (IReadOnlyList<byte[]>)
                    [
                        .. ThreePlanes.DrawEach(
                                shown.Image, row.Mask, labels, window.Lower, window.Upper, HeightPx, centredOn: first.Mask)
                            .Select(picture => picture.ToPng()),
                    ])),
            ]);
    }
}
