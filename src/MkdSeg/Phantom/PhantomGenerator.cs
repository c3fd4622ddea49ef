using MkdSeg.Phantom.Internals;

namespace MkdSeg.Phantom;

/// <summary>
/// Generates volumes of a parametric whole-heart phantom in a thorax: a person drawn from a seed (size, pose, chamber
/// shapes, wall thickness, vessels, a smooth warp), and a CT or MR image of that person with the seven labels of
/// MM-WHS.
/// </summary>
/// <remarks>
/// Structures that touch (share a voxel face): MYO–LV, MYO–RV, MYO–LA, LA–LV, LV–AA, RA–RV and RV–PA in every person,
/// RA–AA in all but a few people of the clinical variation. Apart from slivers, each structure is in one piece. Walls
/// separate LV–RV, LV–RA, LA–AA and LA–PA on every grid; the thin walls of LA–RA, AA–PA, RA–PA and RV–AA may vanish
/// between two voxels of a coarse grid. The left ventricle touches only myocardium, left atrium (mitral valve) and
/// ascending aorta (aortic valve). The ascending aorta's label ends at the first branch of the arch, the pulmonary
/// artery's at the first division of its left and right branches, the left atrium's where the veins widen into it.
/// </remarks>
internal static class PhantomGenerator
{
    // Around the heart, so that a network's field of view still contains tissue after rotation, shift and enlargement.
    private const double TissueMarginMm = 55;
    private const double TissueMarginAlongMm = 35;
    private const double TissueSpacingMm = 1.6;

    /// <summary>Generates the volume; equal requests yield identical voxels.</summary>
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
    /// Returns the person's tissues around the heart, as <see cref="PhantomTissue"/> in voxels of 1.6 mm, LPS, positioned as
    /// in the volume of the same request.
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
