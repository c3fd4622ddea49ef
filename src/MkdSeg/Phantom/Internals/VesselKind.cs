namespace MkdSeg.Phantom.Internals;

/// <summary>The tubes of the phantom.</summary>
internal enum VesselKind
{
    AscendingAorta,
    Aorta,
    PulmonaryArtery,
    PulmonaryBranch,
    PulmonaryVein,
    SuperiorVenaCava,
    InferiorVenaCava,
    Coronary,
    Oesophagus,
    Airway,
    LungVessel,
}
