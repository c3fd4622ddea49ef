using System.Reflection;

namespace MkdSeg.Packaging.Tests;

/// <summary>The four packages of this build in a folder, under a version that no cache knows.</summary>
internal sealed class Feed : IDisposable
{
    /// <summary>The packages; the tool for one system is a package of its own, which MkdSeg.Cli names.</summary>
    public static readonly string[] Projects = ["MkdSeg", "MkdSeg.ML", "MkdSeg.Training", "MkdSeg.Cli"];

    private readonly TemporaryFolder _folder = new();

    public Feed()
    {
        var configuration = Path.GetFileName(
            Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        foreach (var project in Projects)
        {
            Tool.RunWell(
                Repository.Root, "dotnet", "pack", $"src/{project}", "--configuration", configuration, "--nologo",
                "--verbosity", "quiet", "--output", Folder, $"-property:PackageVersion={Version}");
        }

        // What the build of this repository restored is taken from where it lies: libtorch is neither loaded nor copied again.
        _folder.Write("NuGet.config", $"""
            <configuration>
              <packageSources>
                <add key="packages under test" value="{Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="restored for the build" value="{Metadata("RestoredPackages")}" />
              </fallbackPackageFolders>
              <config>
                <add key="globalPackagesFolder" value="{_folder["restored"]}" />
              </config>
            </configuration>
            """);
    }

    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}.{Environment.TickCount64}";

    /// <summary>Where the packages lie.</summary>
    public string Folder => _folder["feed"];

    /// <summary>A folder whose NuGet configuration knows the packages.</summary>
    public string Workplace => _folder.Path;

    public void Dispose() => _folder.Dispose();

    private static string Metadata(string key) => typeof(Feed).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == key).Value!;
}
