namespace MkdSeg.Phantom;

/// <summary>How much subjects and images differ from each other.</summary>
public enum PhantomVariation
{
    /// <summary>One hospital: a usual spread of anatomy, one contrast protocol, one kernel.</summary>
    Default,

    /// <summary>
    /// Patients of every size and shape in one hospital: CT in the equilibrium phase, where all blood is equally bright, MR
    /// with fat suppression, hearts whose size, chambers, walls and position differ about twice as much.
    /// </summary>
    Anatomy,

    /// <summary>
    /// Many hospitals, for models that shall work on other people's images: contrast of the left heart 150–550 HU and
    /// of the right heart 60–450 HU, noise 10–50 HU, slices up to 5 mm, soft to sharp kernels, stronger rotations of
    /// the heart, small and large thoraxes.
    /// </summary>
    Wide,
}
