// Makes NuGet packages of what is built: docs/packages.md says which.

void PackAll(string configuration, DirectoryPath folder, bool closed)
{
    var choice = ReadChoice(MakeAbsolute(File(".build/packages.props")).FullPath);
    if (closed && !choice.IsAll("bridge"))
    {
        throw new CakeException($"--closed carries bridges for all engines, and this build has: {choice}. "
            + "Leave --packages out, or say --packages=bridges.");
    }

    var withTool = closed || choice.IsAll("real");
    // A package must not depend on the machine it was made on, so that CUDA has to be asked for.
    var accelerator = Argument("device", "auto") == "cuda" ? "cuda" : "cpu";
    var started = DateTime.UtcNow;
    var exit = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = new ProcessArgumentBuilder()
            .Append("msbuild").AppendQuoted("build/Packages.proj").Append("-nologo").Append("-verbosity:quiet")
            .Append($"-property:Configuration={configuration}")
            .AppendQuoted($"-property:PackageOutputPath={folder}")
            .Append($"-property:ClosedPackages={closed}")
            .Append($"-property:WithTool={withTool}")
            .Append(closed ? "" : $"-property:Accelerator={accelerator}"),
    });
    if (exit != 0)
    {
        throw new CakeException("Packing failed; the message stands above.");
    }

    // Packages of the other flavour may lie there too.
    foreach (var package in new System.IO.DirectoryInfo(folder.FullPath).GetFiles("*nupkg")
        .Where(file => file.LastWriteTimeUtc >= started).OrderBy(file => file.Name))
    {
        Say("{0,8:0.0} MB  {1}", package.Length / 1e6, package.Name);
    }

    Say("Packages are in {0}", folder);
    if (!withTool)
    {
        Say("Not among them: the tool MkdSeg.Cli, which carries its engines, and this build has bridges: it comes with --closed.");
    }
}
