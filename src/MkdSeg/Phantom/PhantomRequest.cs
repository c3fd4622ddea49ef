namespace MkdSeg.Phantom;

/// <summary>Which phantom volume to make. Equal requests give equal volumes, bit by bit.</summary>
public sealed record PhantomRequest
{
    /// <summary>The hardest <see cref="Grade"/>.</summary>
    public const int HardestGrade = 5;

    /// <summary>Determines the person and the scan.</summary>
    public ulong Seed { get; init; }

    /// <summary>CT or MR.</summary>
    public PhantomModality Modality { get; init; } = PhantomModality.Ct;

    /// <summary>The part of the person: volumes of other parts than the thorax have no labels.</summary>
    public PhantomRegion Region { get; init; } = PhantomRegion.Thorax;

    /// <summary>Field of view, voxels and orientation; null to draw them for the <see cref="Size"/>.</summary>
    public PhantomScan? Scan { get; init; }

    /// <summary>The heart's field of view, or the whole thorax.</summary>
    public PhantomSize Size { get; init; } = PhantomSize.Small;

    /// <summary>How much subjects and images differ.</summary>
    public PhantomVariation Variation { get; init; } = PhantomVariation.Default;

    /// <summary>
    /// Distance of the slices, mm, all of them transverse; null for the usual distance and orientations. A
    /// <see cref="Scan"/> has its own.
    /// </summary>
    public double? SliceThicknessMm { get; init; }

    /// <summary>
    /// How much harder than it was drawn a CT is made: with each grade the scan loses a fifth of its contrast agent and gains
    /// 25 HU of noise. 0, as it was drawn, to <see cref="HardestGrade"/>, without contrast agent at all.
    /// </summary>
    public int Grade { get; init; }
}

/// <summary>The kind of scanner to imitate.</summary>
public enum PhantomModality
{
    /// <summary>Contrast-enhanced cardiac computed tomography, Hounsfield units.</summary>
    Ct,

    /// <summary>Balanced steady-state free-precession magnetic resonance imaging, arbitrary units.</summary>
    Mr,
}

/// <summary>Which part of the person a phantom volume shows.</summary>
public enum PhantomRegion
{
    /// <summary>The heart, with as much of the thorax around it as the field of view holds.</summary>
    Thorax,

    /// <summary>Liver, spleen, kidneys, bowel and spine below the heart: no voxel of the heart.</summary>
    Abdomen,

    /// <summary>Neck and head above the thorax: no voxel of the heart.</summary>
    Head,
}

/// <summary>How large the phantom's volumes are.</summary>
public enum PhantomSize
{
    /// <summary>
    /// The heart's field of view, coarse: CT about 96×96×58 voxels of 2.2×2.2×3 mm, MR about 104×104×44 voxels of
    /// 2×2×4 mm.
    /// </summary>
    Small,

    /// <summary>The whole thorax as a scanner stores it: CT 512×512×250 voxels of about 0.7×0.7×1 mm.</summary>
    Full,
}

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
    /// Many hospitals, for models meant for images from elsewhere: contrast of the left heart 150–550 HU and
    /// of the right heart 60–450 HU, noise 10–50 HU, slices up to 5 mm, soft to sharp kernels, stronger rotations of
    /// the heart, small and large thoraxes.
    /// </summary>
    Wide,

    /// <summary>
    /// Any adult's routine CT of the chest, with and without contrast agent: hearts of men and women from end diastole to
    /// end systole with measured volumes, dilated, thickened and overloaded ones among them, in every pose; wide aortas,
    /// effusions, consolidations, lungs full or empty, arms up or down. For models that learn from phantoms alone: CT
    /// volumes to train on come with a map of their tissues, from which training draws their appearance anew.
    /// </summary>
    Clinical,
}

/// <summary>A field of view and voxels of the caller's choice, instead of those of a <see cref="PhantomSize"/>.</summary>
public sealed record PhantomScan
{
    /// <summary>Voxel sizes along the patient's left, back and head, mm.</summary>
    public required Vector3D SpacingMm { get; init; }

    /// <summary>Extent along the patient's left, back and head, mm; rounded up to whole voxels.</summary>
    public required Vector3D FieldMm { get; init; }

    /// <summary>
    /// Shift of the field along the patient's left, back and head, mm. Unshifted, its middle is that of the body in the
    /// transverse plane, and along the body that of the heart; an abdomen's field ends just below the heart, a head's
    /// begins above the shoulders.
    /// </summary>
    public Vector3D OffsetMm { get; init; }

    /// <summary>Towards which side of the patient each voxel axis runs, such as "LPS".</summary>
    public string Orientation { get; init; } = "LPS";

    internal void Validate()
    {
        for (var axis = 0; axis < 3; axis++)
        {
            if (!(SpacingMm[axis] > 0) || !(FieldMm[axis] > 0) || !double.IsFinite(FieldMm[axis] / SpacingMm[axis]))
            {
                throw new UserErrorException(
                    $"A phantom of voxels of {SpacingMm[axis]} mm in a field of {FieldMm[axis]} mm was asked for; both must "
                    + "be above 0.");
            }
        }

        Volumes.Orientation.RequireCode(Orientation, "phantom");
    }
}
