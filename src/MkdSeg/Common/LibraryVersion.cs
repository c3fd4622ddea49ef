using System.Reflection;

namespace MkdSeg.Common;

/// <summary>Versions of this program and of the libraries in use.</summary>
internal static class LibraryVersion
{
    /// <summary>
    /// The version of the package that a type comes from, such as "5.0.1". Many libraries never change the version of their
    /// assemblies (ML.NET: 1.0.0.0), so the informational version counts, without the commit at its end.
    /// </summary>
    public static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
