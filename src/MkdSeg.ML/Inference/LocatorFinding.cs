using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Inference;

/// <summary>What a <see cref="TrainedLocator"/> found.</summary>
/// <param name="Box">The box around the heart; null where there is none.</param>
/// <param name="VolumeMl">Volume of the largest connected part that looks like a heart, mL.</param>
/// <param name="Probability">Its mean probability, 0 where nothing looks like one.</param>
public readonly record struct LocatorFinding(HeartBox? Box, double VolumeMl, double Probability);
