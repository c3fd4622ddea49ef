namespace MkdSeg.Training.Methods;

/// <summary>
/// Makes a class a training method that can be chosen by name. The class implements <see cref="ITrainingMethod"/> and has
/// a public constructor that takes a <see cref="Torch.NetworkFactory"/> and <see cref="TrainingOptions"/>;
/// <see cref="TrainingMethods"/> finds it.
/// </summary>
/// <param name="name">The name it is chosen by, such as "joint-training".</param>
/// <param name="summary">One line about what it does.</param>
/// <param name="reference">The paper it comes from.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainingMethodAttribute(string name, string summary, string reference) : Attribute
{
    /// <summary>The name it is chosen by.</summary>
    public string Name { get; } = name;

    /// <summary>One line about what it does.</summary>
    public string Summary { get; } = summary;

    /// <summary>The paper it comes from.</summary>
    public string Reference { get; } = reference;

    /// <summary>Whether it learns from the assistant modality.</summary>
    public bool UsesAssistant { get; init; } = true;

    /// <summary>Whether it has generators and discriminators.</summary>
    public bool Translates { get; init; }
}
