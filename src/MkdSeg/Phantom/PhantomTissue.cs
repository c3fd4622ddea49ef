namespace MkdSeg.Phantom;

/// <summary>
/// What the phantom's body is made of. Everything from <see cref="Myocardium"/> on belongs to the heart and vessels.
/// </summary>
public enum PhantomTissue : byte
{
    /// <summary>Air outside the body.</summary>
    Air,

    /// <summary>Lung parenchyma.</summary>
    Lung,

    /// <summary>Air in airways, sinuses, stomach and bowel.</summary>
    Gas,

    /// <summary>Fat below the skin, in the mediastinum and on the heart.</summary>
    Fat,

    /// <summary>Muscle and other soft tissue.</summary>
    Muscle,

    /// <summary>Compact bone.</summary>
    BoneCortex,

    /// <summary>Spongy bone with marrow.</summary>
    BoneMarrow,

    /// <summary>Rib cartilage and intervertebral discs.</summary>
    Cartilage,

    /// <summary>Spinal canal.</summary>
    SpinalCanal,

    /// <summary>Liver.</summary>
    Liver,

    /// <summary>Spleen.</summary>
    Spleen,

    /// <summary>Fluid in stomach and bowel, around the brain and in the eyes.</summary>
    Fluid,

    /// <summary>Oesophagus.</summary>
    Oesophagus,

    /// <summary>Walls of trachea and bronchi.</summary>
    AirwayWall,

    /// <summary>Kidney.</summary>
    Kidney,

    /// <summary>Brain.</summary>
    Brain,

    /// <summary>Myocardium of the left ventricle; class MYO.</summary>
    Myocardium,

    /// <summary>Blood of the left ventricle; class LV.</summary>
    LeftVentricle,

    /// <summary>
    /// Papillary muscles and trabeculae of the left ventricle: part of class LV, as annotators have it.
    /// </summary>
    LeftTrabecula,

    /// <summary>Blood of the left atrium; class LA.</summary>
    LeftAtrium,

    /// <summary>Blood of the right atrium; class RA.</summary>
    RightAtrium,

    /// <summary>Blood of the right ventricle; class RV.</summary>
    RightVentricle,

    /// <summary>Trabeculae of the right ventricle: part of class RV.</summary>
    RightTrabecula,

    /// <summary>Blood of the ascending aorta, from the valve to the first branch of the arch; class AA.</summary>
    AscendingAorta,

    /// <summary>
    /// Blood of the pulmonary artery's trunk, left and right branch up to their first division; class PA.
    /// </summary>
    PulmonaryArtery,

    /// <summary>Walls of the right ventricle, the atria and between them; unlabelled.</summary>
    HeartWall,

    /// <summary>Walls of the great vessels; unlabelled.</summary>
    VesselWall,

    /// <summary>Blood of the aortic arch, its branches and the descending aorta; unlabelled.</summary>
    Aorta,

    /// <summary>Blood of the pulmonary artery's branches past the first division; unlabelled.</summary>
    PulmonaryBranch,

    /// <summary>Blood of the pulmonary veins; unlabelled.</summary>
    PulmonaryVein,

    /// <summary>Vessels within the lungs; unlabelled.</summary>
    LungVessel,

    /// <summary>Blood of the superior vena cava; unlabelled.</summary>
    SuperiorVenaCava,

    /// <summary>Blood of the inferior vena cava; unlabelled.</summary>
    InferiorVenaCava,

    /// <summary>Coronary arteries; unlabelled.</summary>
    Coronary,
}
