using MkdSeg.Common;
using MkdSeg.Phantom.Internals;
using MkdSeg.Volumes;

namespace MkdSeg.Phantom;

/// <summary>
/// Makes volumes of a parametric whole-heart phantom in a thorax: a person drawn from a seed (size, pose, chamber
/// shapes, wall thickness, vessels, a smooth warp), and a CT or MR image of that person with the seven labels of
/// MM-WHS.
/// </summary>
/// <remarks>
/// Which structures touch (share a voxel face): MYO–LV, MYO–RV, MYO–LA, LA–LV, LV–AA, RA–RV, RA–AA and RV–PA do in
/// every person. Walls keep LV–RV, LV–RA, LA–AA and LA–PA apart on every grid; the thin walls between LA–RA, AA–PA,
/// RA–PA and RV–AA may vanish between two voxels of a coarse grid. The left ventricle touches nothing but myocardium,
/// left atrium (mitral valve) and ascending aorta (aortic valve). The ascending aorta's label ends at the arch's first
/// branch, the pulmonary artery's at the first division of its left and right branch, the left atrium's where the veins
/// widen into it.
/// </remarks>
internal static class PhantomGenerator
{
    /// <summary>Makes the volume; equal requests give equal voxels.</summary>
    public static PhantomVolume Generate(PhantomRequest request)
    {
        var random = new SeededRandom(request.Seed);
        var anatomy = new PhantomAnatomy(random.Derive("anatomy"), request.Variation);
        var framing = Framing.Choose(anatomy, request, random.Derive("framing"));
        var raster = new TissueRaster(anatomy, framing.Anatomy);
        var appearance = random.Derive("appearance");
        var image = request.Modality == PhantomModality.Ct
            ? CtAppearance.Render(raster, anatomy, appearance, request.Variation)
            : MrAppearance.Render(raster, appearance, request.Variation);
        return new(new Volume<float>(framing.Stored, image), new Volume<byte>(framing.Stored, raster.Classes()));
    }
}

/// <summary>An image and its labels on one grid.</summary>
internal sealed record PhantomVolume(Volume<float> Image, Volume<byte> Classes);
