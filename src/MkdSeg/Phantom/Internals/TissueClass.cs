using MkdSeg.Datasets;

namespace MkdSeg.Phantom.Internals;

/// <summary>Which class index a tissue belongs to.</summary>
internal static class TissueClass
{
    /// <summary>Number of tissues.</summary>
    public const int TissueCount = (int)PhantomTissue.Coronary + 1;

    public const byte Myo = 1;
    public const byte La = 2;
    public const byte Lv = 3;
    public const byte Ra = 4;
    public const byte Rv = 5;
    public const byte Aa = 6;
    public const byte Pa = 7;

    /// <summary>The class index of <see cref="LabelSet.WholeHeart"/>, 0 for what has no label.</summary>
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
