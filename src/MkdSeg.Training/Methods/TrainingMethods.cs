using System.Reflection;

namespace MkdSeg.Training.Methods;

/// <summary>The methods that can be trained: MKD and the methods it is compared with.</summary>
public static class TrainingMethods
{
    /// <summary>The methods, in the ordinal order of their names.</summary>
    public static IReadOnlyList<TrainingMethodInfo> All { get; } =
    [
        .. typeof(TrainingMethods).Assembly.GetTypes()
            .Select(type => (Type: type, Attribute: type.GetCustomAttribute<TrainingMethodAttribute>(inherit: false)))
            .Where(pair => pair.Attribute is not null)
            .OrderBy(pair => pair.Attribute!.Name, StringComparer.Ordinal)
            .Select(pair => new TrainingMethodInfo(pair.Type, pair.Attribute!)),
    ];

    /// <summary>Returns the method with a name.</summary>
    /// <exception cref="UserErrorException">No method has this name.</exception>
    public static TrainingMethodInfo Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (All.FirstOrDefault(method => method.Name == name) is { } found)
            return found;
        var names = All.Select(method => method.Name).ToList();
        var meant = StrictJson.Nearest(name, names) is { } nearest ? $" (did you mean {nearest}?)" : "";
        throw new UserErrorException(
            $"There is no training method '{name}'{meant}; the methods are {string.Join(", ", names)}.");
    }
}

/// <summary>Describes a method before it is created.</summary>
public sealed class TrainingMethodInfo
{
    private readonly Type _type;
    private readonly TrainingMethodAttribute _attribute;

    internal TrainingMethodInfo(Type type, TrainingMethodAttribute attribute) => (_type, _attribute) = (type, attribute);

    /// <summary>The name that selects it, such as "joint-training".</summary>
    public string Name => _attribute.Name;

    /// <summary>What it does, in one line.</summary>
    public string Summary => _attribute.Summary;

    /// <summary>The paper that it is based on.</summary>
    public string Reference => _attribute.Reference;

    /// <summary>Whether it learns from the assistant modality.</summary>
    public bool UsesAssistant => _attribute.UsesAssistant;

    /// <summary>Whether it has generators and discriminators.</summary>
    public bool Translates => _attribute.Translates;

    /// <summary>Whether slices are augmented strongly, whatever the options say.</summary>
    internal bool StrongAugmentation => _attribute.StrongAugmentation;

    internal ITrainingMethod Create(NetworkFactory networks) => (ITrainingMethod)Activator.CreateInstance(
        _type, BindingFlags.DoNotWrapExceptions | BindingFlags.Public | BindingFlags.Instance, null, [networks], null)!;

    /// <summary>Name, summary and reference.</summary>
    public override string ToString() => $"{Name}: {Summary} ({Reference})";
}

/// <summary>Marks a class as a training method that is selected by name; <see cref="TrainingMethods"/> finds it.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class TrainingMethodAttribute(string name, string summary, string reference) : Attribute
{
    public string Name { get; } = name;
    public string Summary { get; } = summary;
    public string Reference { get; } = reference;
    public bool UsesAssistant { get; init; } = true;
    public bool Translates { get; init; }
    public bool StrongAugmentation { get; init; }
}
