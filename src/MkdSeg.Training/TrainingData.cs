using MkdSeg.Training.Data;
using MkdSeg.Training.Validation;

namespace MkdSeg.Training;

/// <summary>What a training takes of its cases, each made when it is asked for.</summary>
internal sealed record TrainingData(
    IEnumerable<TrainingCase> Target, IEnumerable<TrainingCase> Assistant, IEnumerable<ValidationVolume> Validation);
