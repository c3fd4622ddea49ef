using System.Text.Json.Serialization;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Scoring;

/// <summary>What became of a case.</summary>
public enum CaseStatus
{
    /// <summary>Its masks are written, and nothing measured speaks against them.</summary>
    Ok,

    /// <summary>Its masks are written, and somebody has to look at them; the reason says why.</summary>
    Doubtful,

    /// <summary>Something went wrong; the reason says what.</summary>
    Failed,

    /// <summary>It was not scored on purpose; the reason says why.</summary>
    LeftOut,
}

/// <summary>A row of the results.</summary>
public sealed record CaseResult
{
    /// <summary>The case.</summary>
    public required ScoringCase Case { get; init; }

    /// <summary>
    /// SHA-256 of the volume's file; of the SHA-256 of all files, sorted, where it has several. Null where it could not be
    /// read.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>What became of it.</summary>
    public required CaseStatus Status { get; init; }

    /// <summary>Why it is doubtful, failed or was left out; empty for <see cref="CaseStatus.Ok"/>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>One sentence for each remark about the volume or the mask that makes it neither doubtful nor wrong.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was measured on each structure, in the label set's order; empty where there is no mask.</summary>
    public IReadOnlyList<StructureResult> Structures { get; init; } = [];

    /// <summary>The box around all structures; null where there is no voxel of any.</summary>
    public PatientExtent? ExtentMm { get; init; }

    /// <summary>The mean of the structures' agreement; null where none has one.</summary>
    public double? Agreement { get; init; }

    /// <summary>What was measured on the heart as a whole; null where there is no mask.</summary>
    public HeartMeasures? Heart { get; init; }

    /// <summary>Volume of each structure in mL, in the label set's order; empty where there is no mask.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> VolumesMl => [.. Structures.Select(structure => structure.VolumeMl)];

    /// <summary>Whether its masks are written.</summary>
    [JsonIgnore]
    public bool IsWritten => Status is CaseStatus.Ok or CaseStatus.Doubtful;

    /// <summary>Seconds spent in each of <see cref="ScoringStage"/>.</summary>
    public required IReadOnlyDictionary<ScoringStage, double> Seconds { get; init; }
}

/// <summary>What was measured on one structure of a mask.</summary>
public sealed record StructureResult
{
    /// <summary>The structure's short name.</summary>
    public required string Name { get; init; }

    /// <summary>Its volume in mL; a lower bound where <see cref="IsCut"/>.</summary>
    public required double VolumeMl { get; init; }

    /// <summary>Whether it reaches an outermost layer of the volume's voxels, so that it may go on beyond.</summary>
    public bool IsCut { get; init; }

    /// <summary>How its Hounsfield units are distributed; null where the model takes no CT or there is no voxel.</summary>
    public HounsfieldStatistics? Hounsfield { get; init; }

    /// <summary>The mean of its voxels' centres, LPS mm (x, y, z); null where it has no voxel.</summary>
    public IReadOnlyList<double>? CentroidMm { get; init; }

    /// <summary>
    /// The range of the box around it along the patient's axes, LPS mm: least x, y, z, greatest x, y, z; null where it has no
    /// voxel.
    /// </summary>
    public IReadOnlyList<double>? BoxMm { get; init; }

    /// <summary>The box around it; null where it has no voxel.</summary>
    public PatientExtent? ExtentMm { get; init; }

    /// <summary>
    /// Dice between the segmentors' masks, in [0, 1]; null where there is one segmentor or none found the structure.
    /// </summary>
    public double? Agreement { get; init; }

    /// <summary>What the clean-up took away from it because it was not connected with the rest, mL.</summary>
    public double RemovedMl { get; init; }

    /// <summary>What the clean-up filled of its cavities, mL.</summary>
    public double FilledMl { get; init; }
}

/// <summary>The stages of a case, in order.</summary>
public enum ScoringStage
{
    /// <summary>Hashing the input, to know a case that is finished.</summary>
    Hash,

    /// <summary>Reading the volume.</summary>
    Read,

    /// <summary>Finding the heart.</summary>
    Locate,

    /// <summary>Bringing the volume into the networks' form.</summary>
    Prepare,

    /// <summary>Running the networks, whose masks arise on the volume's grid.</summary>
    Segment,

    /// <summary>Clean-up and measuring of the masks; bringing them onto the grid where probabilities are kept.</summary>
    Restore,

    /// <summary>Writing the masks.</summary>
    Write,
}
