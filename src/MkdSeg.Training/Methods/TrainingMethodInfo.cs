using System.Reflection;
using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Methods;

/// <summary>What is known of a method before it is made.</summary>
public sealed class TrainingMethodInfo
{
    private readonly TrainingMethodAttribute _attribute;
    private readonly ConstructorInfo _constructor;

    internal TrainingMethodInfo(Type type, TrainingMethodAttribute attribute)
    {
        _attribute = attribute;
        _constructor = type.GetConstructor([typeof(NetworkFactory), typeof(TrainingOptions)])
            ?? throw new InvalidOperationException(
                $"The training method {type.Name} has no public constructor that takes a {nameof(NetworkFactory)} and "
                + $"{nameof(TrainingOptions)}.");
    }

    /// <inheritdoc cref="TrainingMethodAttribute.Name"/>
    public string Name => _attribute.Name;

    /// <inheritdoc cref="TrainingMethodAttribute.Summary"/>
    public string Summary => _attribute.Summary;

    /// <inheritdoc cref="TrainingMethodAttribute.Reference"/>
    public string Reference => _attribute.Reference;

    /// <inheritdoc cref="TrainingMethodAttribute.UsesAssistant"/>
    public bool UsesAssistant => _attribute.UsesAssistant;

    /// <inheritdoc cref="TrainingMethodAttribute.Translates"/>
    public bool Translates => _attribute.Translates;

    /// <summary>The method with fresh networks.</summary>
    public ITrainingMethod Create(NetworkFactory networks, TrainingOptions options) => (ITrainingMethod)
        _constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [networks, options], culture: null);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Summary} ({Reference})";
}
