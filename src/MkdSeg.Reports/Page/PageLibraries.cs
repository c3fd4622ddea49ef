using System.Reflection;

namespace MkdSeg.Reports.Page;

/// <summary>The JavaScript libraries from npm as text, included in every page: Chart.js, its box plots, NiiVue.</summary>
internal sealed record PageLibraries(string Charts, string BoxPlots, string Viewer)
{
    public static PageLibraries Load() => new(Library("chart.js"), Library("boxplot.js"), Library("niivue.js"));

    /// <summary>Returns a file of the folder Page, which is embedded in the assembly.</summary>
    public static string Resource(string name) => Find(name)
        ?? throw new InvalidOperationException($"The assembly has no resource {name}.");

    /// <summary>Returns a library as text; null if the program was built without the npm libraries.</summary>
    public static string? FindLibrary(string name) => Find($"library/{name}");

    private static string Library(string name) => FindLibrary(name) ?? throw new UserErrorException(
        "This program was built without the report's libraries from npm (Chart.js and NiiVue); run dotnet cake "
        + "--target=Setup, or npm ci --ignore-scripts in the clone, and build again.");

    private static string? Find(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
