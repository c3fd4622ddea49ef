using System.Reflection;
using MkdSeg.Common;
using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Methods;

/// <summary>The methods of this assembly: every class with a <see cref="TrainingMethodAttribute"/>.</summary>
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

    /// <summary>The method of a name.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static TrainingMethodInfo Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(method => method.Name == name) ?? throw Unknown(name);
    }

    /// <summary>The method that the options name, with fresh networks.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static ITrainingMethod Create(NetworkFactory networks, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Find(options.Method).Create(networks, options);
    }

    private static UserErrorException Unknown(string name)
    {
        var names = All.Select(method => method.Name).ToList();
        var meant = StrictJson.Nearest(name, names) is { } nearest ? $", did you mean {nearest}" : "";
        return new($"There is no training method '{name}'{meant}; the methods are {string.Join(", ", names)}.");
    }
}
