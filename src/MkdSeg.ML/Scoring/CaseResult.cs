using System.Text.Json.Serialization;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Scoring;

/// <summary>The outcome of a case.</summary>
public enum CaseStatus
{
    /// <summary>The masks are written, and no measurement casts doubt on them.</summary>
    Ok,

    /// <summary>The masks are written but must be reviewed; the reason says why.</summary>
    Doubtful,

    /// <summary>The case failed; the reason says why.</summary>
    Failed,

    /// <summary>The case was deliberately not scored; the reason says why.</summary>
    LeftOut,
}

/// <summary>A row of the results.</summary>
public sealed record CaseResult
{
    /// <summary>The case.</summary>
    public required ScoringCase Case { get; init; }

    /// <summary>
    /// SHA-256 of the volume's file; for several files, the SHA-256 of their sorted hashes. Null if it could not be read.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>The outcome.</summary>
    public required CaseStatus Status { get; init; }

    /// <summary>Why the case is doubtful, failed or was left out; empty for <see cref="CaseStatus.Ok"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Remarks on the volume or the mask that do not make it doubtful or wrong, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Measurements of each structure, in the label set's order; empty if there is no mask.</summary>
    public IReadOnlyList<StructureResult> Structures { get; init; } = [];

    /// <summary>The box around all structures; null if no structure has a voxel.</summary>
    public PatientExtent? ExtentMm { get; init; }

    /// <summary>The mean agreement of the structures; null if no structure has one.</summary>
    public double? Agreement { get; init; }

    /// <summary>Measurements of the heart as a whole; null if there is no mask.</summary>
    public HeartMeasures? Heart { get; init; }

    /// <summary>Volume of each structure in mL, in the label set's order; empty if there is no mask.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> VolumesMl => [.. Structures.Select(structure => structure.VolumeMl)];

    /// <summary>Whether the case's masks are written.</summary>
    [JsonIgnore]
    public bool IsWritten => Status is CaseStatus.Ok or CaseStatus.Doubtful;

    /// <summary>Seconds spent in each <see cref="ScoringStage"/>.</summary>
    public required IReadOnlyDictionary<ScoringStage, double> Seconds { get; init; }
}

/// <summary>Measurements of one structure of a mask.</summary>
public sealed record StructureResult
{
    /// <summary>The structure's short name.</summary>
    public required string Name { get; init; }

    /// <summary>Its volume in mL; a lower bound if <see cref="IsCut"/>.</summary>
    public required double VolumeMl { get; init; }

    /// <summary>Whether it reaches an outermost layer of the volume's voxels and so may extend beyond the volume.</summary>
    public bool IsCut { get; init; }

    /// <summary>Distribution of its Hounsfield units; null if the model is not for CT or there is no voxel.</summary>
    public HounsfieldStatistics? Hounsfield { get; init; }

    /// <summary>The mean of its voxel centres, LPS mm (x, y, z); null if it has no voxel.</summary>
    public IReadOnlyList<double>? CentroidMm { get; init; }

    /// <summary>
    /// Bounds of its box along the patient's axes, LPS mm: minimum x, y, z, then maximum x, y, z; null if it has no voxel.
    /// </summary>
    public IReadOnlyList<double>? BoxMm { get; init; }

    /// <summary>The box around it; null if it has no voxel.</summary>
    public PatientExtent? ExtentMm { get; init; }

    /// <summary>
    /// Dice between the segmentors' masks, in [0, 1]; null if there is only one segmentor or none found the structure.
    /// </summary>
    public double? Agreement { get; init; }

    /// <summary>Volume that clean-up removed because it was not connected to the rest, mL.</summary>
    public double RemovedMl { get; init; }

    /// <summary>Volume of its cavities that clean-up filled, mL.</summary>
    public double FilledMl { get; init; }
}

/// <summary>The stages of a case, in order.</summary>
public enum ScoringStage
{
    /// <summary>Hashing the input to recognise finished cases.</summary>
    Hash,

    /// <summary>Reading the volume.</summary>
    Read,

    /// <summary>Finding the heart.</summary>
    Locate,

    /// <summary>Preparing the volume for the networks.</summary>
    Prepare,

    /// <summary>Running the networks, which yields masks on the volume's grid.</summary>
    Segment,

    /// <summary>Cleaning up and measuring the masks.</summary>
    Restore,

    /// <summary>Writing the masks and, if requested, probabilities.</summary>
    Write,
}
