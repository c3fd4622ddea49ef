namespace MkdSeg.Phantom;

/// <summary>What kind of scanner the phantom pretends to come from.</summary>
public enum PhantomModality
{
    /// <summary>Contrast-enhanced cardiac computed tomography, Hounsfield units.</summary>
    Ct,

    /// <summary>Balanced steady-state free-precession magnetic resonance imaging, arbitrary units.</summary>
    Mr,
}
