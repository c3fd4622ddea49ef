using MkdSeg.Phantom.Internals;

namespace MkdSeg.Phantom;

/// <summary>
/// Makes volumes of a parametric whole-heart phantom in a thorax: a person drawn from a seed (size, pose, chamber
/// shapes, wall thickness, vessels, a smooth warp), and a CT or MR image of that person with the seven labels of
/// MM-WHS.
/// </summary>
/// <remarks>
/// Which structures touch (share a voxel face): MYO–LV, MYO–RV, MYO–LA, LA–LV, LV–AA, RA–RV and RV–PA do in every
/// person, RA–AA in all but a few of the variation clinical. Each structure is in one piece, but for slivers. Walls keep LV–RV, LV–RA, LA–AA and LA–PA apart on every grid; the thin walls between LA–RA, AA–PA,
/// RA–PA and RV–AA may vanish between two voxels of a coarse grid. The left ventricle touches nothing but myocardium,
/// left atrium (mitral valve) and ascending aorta (aortic valve). The ascending aorta's label ends at the arch's first
/// branch, the pulmonary artery's at the first division of its left and right branch, the left atrium's where the veins
/// widen into it.
/// </remarks>
internal static class PhantomGenerator
{
    // Around the heart, so that a network's field of view still finds tissue when it is turned, shifted and enlarged.
    private const double TissueMarginMm = 55;
    private const double TissueMarginAlongMm = 35;
    private const double TissueSpacingMm = 1.6;

    /// <summary>Makes the volume; equal requests give equal voxels.</summary>
    public static PhantomVolume Generate(PhantomRequest request)
    {
        var (anatomy, framing) = Draw(request);
        var random = new SeededRandom(request.Seed);
        var raster = new TissueRaster(anatomy, framing.Anatomy);
        var appearance = random.Derive("appearance");
        var image = request.Modality == PhantomModality.Ct
            ? CtAppearance.Render(raster, anatomy, appearance, request.Variation)
            : MrAppearance.Render(raster, appearance, request.Variation);
        if (request.Grade > 0)
            Degradation.Apply(image, request.Grade, random.Derive("grade"));
        return new(new Volume<float>(framing.Stored, image), new Volume<byte>(framing.Stored, raster.Classes()));
    }

    /// <summary>
    /// The person's tissues around the heart, <see cref="PhantomTissue"/> in voxels of 1.6 mm, LPS, where they lie in the
    /// volume of the same request.
    /// </summary>
    public static Volume<byte> TissueMap(PhantomRequest request)
    {
        var (anatomy, framing) = Draw(request);
        var margin = new Vector3D(TissueMarginMm, TissueMarginMm, TissueMarginAlongMm);
        var (low, high) = (anatomy.HeartLow - margin, anatomy.HeartHigh + margin);
        var extent = (high - low) * (1 / TissueSpacingMm);
        var grid = new Grid(
            new((int)extent.X, (int)extent.Y, (int)extent.Z),
            new(TissueSpacingMm, TissueSpacingMm, TissueSpacingMm),
            low,
            Direction.Identity);
        var tissues = new TissueRaster(anatomy, grid).Tissues.ToArray();
        var table = framing.Stored.OriginMm - framing.Anatomy.OriginMm;
        return new(new(grid.Size, grid.SpacingMm, low + table, grid.Direction), tissues);
    }

    private static (PhantomAnatomy Anatomy, Framing Framing) Draw(PhantomRequest request)
    {
        var random = new SeededRandom(request.Seed);
        var anatomy = new PhantomAnatomy(random.Derive("anatomy"), request.Variation);
        return (anatomy, Framing.Choose(anatomy, request, random.Derive("framing")));
    }
}

/// <summary>An image and its labels on one grid.</summary>
internal sealed record PhantomVolume(Volume<float> Image, Volume<byte> Classes);
