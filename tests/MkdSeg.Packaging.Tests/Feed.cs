using System.Reflection;

namespace MkdSeg.Packaging.Tests;

/// <summary>
/// The packages of this build in a folder, of the flavour that can be restored here, under a version that no cache knows.
/// </summary>
internal sealed class Feed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Feed(bool closed, bool all)
    {
        var configuration = Path.GetFileName(
            Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Version = $"0.0.0-{(closed ? "closed" : "test")}.{Environment.ProcessId}.{Environment.TickCount64}";
        Tool.RunWell(
            Repository.Root, "dotnet", "msbuild", "build/Packages.proj", "-nologo", "-verbosity:quiet",
            $"-property:Configuration={configuration}", $"-property:PackageOutputPath={Folder}",
            $"-property:PackageVersion={Version}", $"-property:NuspecOutputPath={_folder["nuspec"]}",
            $"-property:ClosedPackages={closed}", $"-property:WithTool={all}");
        // Closed: nothing but the folder, and what the build of this repository restored. Otherwise the machine's sources too.
        _folder.Write("NuGet.config", $"""
            <configuration>
              <packageSources>
                {(closed ? "<clear />" : "")}
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

    /// <summary>Where the packages lie.</summary>
    internal string Folder => _folder["feed"];

    /// <summary>A folder whose NuGet configuration knows the packages.</summary>
    internal string Workplace => _folder.Path;

    internal string Version { get; }

    /// <summary>The flavour that this build's engines allow; a mixture of bridges and real packages allows none.</summary>
    internal static Feed Make()
    {
        var engines = Metadata("Engines").Split(' ').Distinct().ToArray();
        if (engines.Length > 1)
            Assert.Ignore("This build mixes real packages and bridges; neither flavour can be restored.");
        return new(engines[0] == "bridge", all: true);
    }

    /// <summary>The libraries with dependencies on the real engines, which cannot be restored everywhere.</summary>
    internal static Feed MakeReal() => new(closed: false, all: false);

    public void Dispose() => _folder.Dispose();

    private static string Metadata(string key) => typeof(Feed).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == key).Value!;
}
