using MkdSeg.Datasets;

namespace MkdSeg.Phantom.Internals;

/// <summary>The tissues of the phantom's body; from the myocardium on, those of the heart and its vessels.</summary>
internal enum PhantomTissue : byte
{
    Air, // outside the body
    Lung,
    Gas, // in airways, sinuses, stomach and bowel
    Fat, // below the skin, in the mediastinum and on the heart
    Muscle, // and other soft tissue
    BoneCortex,
    BoneMarrow,
    Cartilage, // of ribs, and intervertebral discs
    SpinalCanal,
    Liver,
    Spleen,
    Fluid, // in stomach and bowel, around the brain and in the eyes
    Oesophagus,
    AirwayWall,
    Kidney,
    Brain,
    Myocardium, // of the left ventricle; class MYO
    LeftVentricle, // blood; class LV
    LeftTrabecula, // with papillary muscles; part of class LV, as annotators label it
    LeftAtrium, // class LA
    RightAtrium, // class RA
    RightVentricle, // class RV
    RightTrabecula, // part of class RV
    AscendingAorta, // from the valve to the first branch of the arch; class AA
    PulmonaryArtery, // trunk and both branches up to their first division; class PA
    HeartWall, // of the right ventricle, the atria and between them; this tissue and those below have no label
    VesselWall,
    Aorta, // arch, its branches and the descending aorta
    PulmonaryBranch, // beyond the first division
    PulmonaryVein,
    LungVessel,
    SuperiorVenaCava,
    InferiorVenaCava,
    Coronary,
    CoronarySinus, // from here on only in the variation Clinical
    Azygos,
    LiverVessel,
    StomachContent, // food
    PericardialFluid,
    PleuralEffusion,
    Consolidation, // of the lung
    Calcification, // of coronaries and aorta
}

/// <summary>The class indices of <see cref="LabelSet.WholeHeart"/>.</summary>
internal static class TissueClass
{
    public const int TissueCount = (int)PhantomTissue.Calcification + 1;

    public const byte Myo = 1;
    public const byte La = 2;
    public const byte Lv = 3;
    public const byte Ra = 4;
    public const byte Rv = 5;
    public const byte Aa = 6;
    public const byte Pa = 7;

    /// <summary>Returns the class of a tissue; 0 for a tissue without a label.</summary>
    public static byte Of(PhantomTissue tissue) => tissue switch
    {
        PhantomTissue.Myocardium => Myo,
        PhantomTissue.LeftAtrium => La,
        PhantomTissue.LeftVentricle or PhantomTissue.LeftTrabecula => Lv,
        PhantomTissue.RightAtrium => Ra,
        PhantomTissue.RightVentricle or PhantomTissue.RightTrabecula => Rv,
        PhantomTissue.AscendingAorta => Aa,
        PhantomTissue.PulmonaryArtery => Pa,
        _ => 0,
    };
}
