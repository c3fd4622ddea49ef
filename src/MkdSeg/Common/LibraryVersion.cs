using System.Reflection;

namespace MkdSeg.Common;

internal static class LibraryVersion
{
    /// <summary>Returns the package version, such as "5.0.1": the informational one, as assembly versions stay fixed.</summary>
    public static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
