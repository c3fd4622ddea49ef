// Set-up's choice of NuGet packages, written to .build/settings.props, which Directory.Build.props imports.

using System.Xml.Linq;

/// Accelerators are "cpu" or "cuda"; Source is an additional package source, SimpleITK the folder of its official binaries.
record PackageSettings(string Inference, string Training, string Source, string SimpleITK);

PackageSettings ChoosePackages(string device, string feed, string simpleItk)
{
    if (device is not ("auto" or "cpu" or "cuda"))
    {
        throw new CakeException($"--device={device} is unknown; use auto, cpu or cuda.");
    }

    // When requested by name, the CUDA packages are used even without a GPU, to build for a machine that has one.
    var accelerator = device == "cuda" || (device == "auto" && HasNvidiaGpu()) ? "cuda" : "cpu";
    var wanted = new PackageSettings(accelerator, accelerator, ResolveFeed(feed), ResolveSimpleItk(simpleItk));
    if (accelerator == "cuda" && !CanRestoreCudaTraining(wanted.Source))
    {
        Info("No package source has TorchSharp-cuda-linux {0}: scoring uses the GPU, training the CPU (TorchSharp-cpu).",
            PackageVersion("TorchSharp-cuda-linux"));
        wanted = wanted with { Training = "cpu" };
    }

    WriteSettings(wanted);
    return wanted;
}

// Queries the package sources once and records a "no" for this version; a "yes" needs no record, since the package is cached.
bool CanRestoreCudaTraining(string source)
{
    var record = MakeAbsolute(File(".build/no-cuda-training.txt")).FullPath;
    var question = $"TorchSharp-cuda-linux {PackageVersion("TorchSharp-cuda-linux")} {source}".Trim();
    if (System.IO.File.Exists(record) && System.IO.File.ReadAllText(record) == question)
    {
        return false;
    }

    Info("Querying the package sources for TorchSharp-cuda-linux");
    Capture("dotnet", "restore src/MkdSeg.Training/MkdSeg.Training.csproj --verbosity quiet -property:TrainingAccelerator=cuda"
        + (source == string.Empty ? "" : $" \"-property:RestoreAdditionalProjectSources={source}\""), out var exit);
    if (exit == 0)
    {
        return true;
    }

    System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(record));
    System.IO.File.WriteAllText(record, question);
    return false;
}

string PackageVersion(string id) => XDocument.Load("Directory.Packages.props").Descendants("PackageVersion")
    .Single(package => (string)package.Attribute("Include") == id).Attribute("Version").Value;

// Written only when it changes: even an identical new file would cause everything to be rebuilt.
void WriteSettings(PackageSettings settings)
{
    var file = MakeAbsolute(File(".build/settings.props")).FullPath;
    var text = new XDocument(new XElement("Project", new XElement("PropertyGroup",
        new XElement("InferenceAccelerator", settings.Inference),
        new XElement("TrainingAccelerator", settings.Training),
        new XElement("RestoreAdditionalProjectSources", settings.Source),
        new XElement("SimpleITKFolder", settings.SimpleITK)))).ToString();
    if (!System.IO.File.Exists(file) || System.IO.File.ReadAllText(file) != text)
    {
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file));
        System.IO.File.WriteAllText(file + ".tmp", text);
        System.IO.File.Move(file + ".tmp", file, overwrite: true);
    }
}

// A folder of .nupkg files, the name of a configured NuGet source, or a URL.
string ResolveFeed(string feed)
{
    if (feed == string.Empty)
    {
        return string.Empty;
    }

    if (System.IO.Directory.Exists(feed))
    {
        return System.IO.Path.GetFullPath(feed);
    }

    if (Uri.TryCreate(feed, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http"))
    {
        return feed;
    }

    var lines = Capture("dotnet", "nuget list source", out _).Split('\n');
    for (var i = 0; i + 1 < lines.Length; i++)
    {
        var words = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length >= 2 && words[1] == feed)
        {
            return lines[i + 1].Trim();
        }
    }

    throw new CakeException($"--feed={feed} is neither a folder nor the name of a configured NuGet source "
        + "(`dotnet nuget list source` lists them).");
}

// The folder with the two files of SimpleITK's official C# archive; empty if the wrapper is built against Debian's ITK.
string ResolveSimpleItk(string folder)
{
    if (folder == string.Empty)
    {
        return string.Empty;
    }

    foreach (var name in new[] { "SimpleITKCSharpManaged.dll", "libSimpleITKCSharpNative.so" })
    {
        if (!System.IO.File.Exists(System.IO.Path.Combine(folder, name)))
        {
            throw new CakeException($"--simpleitk={folder} has no {name}; pass the folder of an unpacked C# archive "
                + "from SimpleITK's releases.");
        }
    }

    return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)) + "/";
}
