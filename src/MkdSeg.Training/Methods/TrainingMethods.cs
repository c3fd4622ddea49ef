using MkdSeg.Training.Engine;

namespace MkdSeg.Training.Methods;

/// <summary>The list of methods.</summary>
public static class TrainingMethods
{
    /// <summary>The method that the options name, with fresh networks.</summary>
    public static ITrainingMethod Create(TrainingOptions options, NetworkFactory networks)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Method switch
        {
            TrainingMethodKind.Mkd => new MutualKnowledgeDistillation(networks, options.Mkd),
            TrainingMethodKind.Baseline => new Baseline(networks),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "An unknown method."),
        };
    }
}
