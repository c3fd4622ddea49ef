using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace CustomPipeline;

/// <summary>A custom step after the segmentation: fills in the report.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class Judgement : CustomMappingFactory<Measurements, Report>
{
    /// <summary>The name under which a saved model finds this class.</summary>
    public const string Contract = "CustomPipeline.Judgement";

    private const float MyocardiumGramPerMl = 1.05f;
    private const float LeastAgreement = 0.7f;

    public override Action<Measurements, Report> GetMapping() => (measured, report) =>
    {
        // In the order of the bundle's structures, which are also the column's slot names.
        report.MyocardiumGram = measured.CleanMl[0] * MyocardiumGramPerMl;
        report.LeftVentricleMl = measured.CleanMl[2];
        report.IsDoubtful = measured.Agreement.Any(dice => dice < LeastAgreement);
    };
}

public sealed class Measurements
{
    [VectorType]
    public float[] CleanMl { get; set; } = [];

    [VectorType]
    public float[] Agreement { get; set; } = [];
}

public sealed class Report
{
    public float LeftVentricleMl { get; set; }

    public float MyocardiumGram { get; set; }

    public bool IsDoubtful { get; set; }
}
