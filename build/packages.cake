// Real packages or bridges: decided by whether the feeds have all of the packages, in versions that this system can run.

using System.Security.Cryptography;
using System.Xml.Linq;

// Other engines for the bridges, such as those for CUDA: LibTorch is the folder of the libtorch that TorchSharp's bridge is
// built against, empty for the system's; OnnxRuntimeLibraries that of ONNX Runtime's libraries, empty for npm's.
record Engines(string LibTorch, string OnnxRuntimeLibraries);

record PackageChoice(
    string MicrosoftML, string OnnxRuntime, string TorchSharp, string SimpleITK, string Accelerator, Engines Engines)
{
    public bool IsAll(string from) => MicrosoftML == from && OnnxRuntime == from && TorchSharp == from && SimpleITK == from;

    public override string ToString() =>
        $"Microsoft.ML {MicrosoftML}, ONNX Runtime {OnnxRuntime}, TorchSharp {TorchSharp}, SimpleITK {SimpleITK} ({Accelerator})"
        + (TorchSharp == "bridge" && Engines.LibTorch != "" ? $", libtorch of {Engines.LibTorch}" : "")
        + (OnnxRuntime == "bridge" && Engines.OnnxRuntimeLibraries != "" ? $", ONNX Runtime of {Engines.OnnxRuntimeLibraries}" : "");
}

PackageChoice ChoosePackages(string mode, string feed, string device, string libtorch, string onnxRuntime)
{
    if (mode is not ("auto" or "real" or "bridges"))
    {
        throw new CakeException($"--packages={mode} is not known; it is auto, real or bridges.");
    }

    var source = ResolveFeed(feed);
    // Asked for by name, CUDA's packages are taken on a machine without a GPU, too: to build there for one that has it.
    var accelerator = device == "cuda" || HasNvidiaGpu() ? "cuda" : "cpu";
    var engines = new Engines(ResolveLibTorch(libtorch), ResolveOnnxRuntime(onnxRuntime));
    var chosen = MakeAbsolute(File(".build/packages.props")).FullPath;
    var versions = MakeAbsolute(File("Directory.Packages.props")).FullPath;

    // A choice that is what was asked for already stays as it is: a new one, however alike, costs a build of everything.
    if (mode == "bridges" && feed == string.Empty && System.IO.File.Exists(chosen) && ReadChoice(chosen) is { } now
        && now.IsAll("bridge") && now.Accelerator == accelerator && now.Engines == engines)
    {
        return now;
    }

    // Asking the feeds takes seconds, so the answer is kept until something it depends on changes.
    var key = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        $"{mode}|{source}|{accelerator}|{engines}|{System.IO.File.ReadAllText(versions)}")))[..16];
    if (System.IO.File.Exists(chosen) && XDocument.Load(chosen).Root?.Attribute("Label")?.Value == key)
    {
        return ReadChoice(chosen);
    }

    var simpleItk = XDocument.Load(versions).Descendants("SimpleITKPackageId").Single().Value;
    var cuda = accelerator == "cuda";
    string[][] needed =
    [
        [simpleItk],
        [cuda ? "TorchSharp-cuda-linux" : "TorchSharp-cpu"],
        [cuda ? "Microsoft.ML.OnnxRuntime.Gpu" : "Microsoft.ML.OnnxRuntime"],
        ["Microsoft.ML", "Microsoft.ML.OnnxTransformer"],
    ];
    // All or none: on a mixture not all tests pass, and the same clone would change its engines with the feed's day.
    var from = mode switch
    {
        "real" => "real",
        "bridges" => "bridge",
        _ => needed.All(packages => CanRestore(source, packages)) ? "real" : "bridge",
    };
    var choice = new PackageChoice(from, from, from, from, accelerator, engines);
    WriteChoice(chosen, key, choice, source);
    return choice;
}

// A probe project that references just these packages says whether the feeds have them, dependencies included.
bool CanRestore(string source, string[] packages)
{
    var folder = MakeAbsolute(Directory($".build/probe/{packages[0]}")).FullPath;
    System.IO.Directory.CreateDirectory(folder);
    var project = System.IO.Path.Combine(folder, "Probe.csproj");
    System.IO.File.WriteAllText(project, new XDocument(
        new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", new XElement("RestoreAdditionalProjectSources", source)),
            new XElement("ItemGroup", packages.Select(package =>
                new XElement("PackageReference", new XAttribute("Include", package)))))).ToString());
    Say("Asking the feeds for {0} …", string.Join(" and ", packages));
    Capture("dotnet", $"restore \"{project}\" --verbosity quiet", out var exit);
    return exit == 0 && NativeLibrariesFit(System.IO.Path.Combine(folder, "obj", "project.assets.json"));
}

// Packages come with libraries for newer systems than this may be: TorchSharp 0.107 asks for the C++ library of GCC 13.
bool NativeLibrariesFit(string assets)
{
    using var document = System.Text.Json.JsonDocument.Parse(System.IO.File.ReadAllText(assets));
    var folders = document.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
    foreach (var package in document.RootElement.GetProperty("libraries").EnumerateObject())
    {
        var path = package.Value.GetProperty("path").GetString();
        foreach (var native in folders
            .Select(folder => System.IO.Path.Combine(folder, path, "runtimes", "linux-x64", "native"))
            .Where(System.IO.Directory.Exists))
        {
            foreach (var library in System.IO.Directory.GetFiles(native, "*.so"))
            {
                var tooNew = System.Text.RegularExpressions.Regex.Match(
                    Capture("ldd", $"\"{library}\"", out _), "version `(?<symbols>[^']+)' not found");
                if (tooNew.Success)
                {
                    Say("{0} does not run here: this system's libraries have no {1}.", package.Name, tooNew.Groups["symbols"].Value);
                    return false;
                }
            }
        }
    }

    return true;
}

// The folder with include/ and lib/ of a libtorch; for the folder of a Python's packages, that of the PyTorch in it.
string ResolveLibTorch(string folder)
{
    if (string.IsNullOrEmpty(folder))
    {
        return string.Empty;
    }

    var root = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
    foreach (var candidate in new[] { root, System.IO.Path.Combine(root, "torch") })
    {
        if (System.IO.File.Exists(System.IO.Path.Combine(candidate, "lib", "libtorch_cpu.so"))
            && System.IO.File.Exists(System.IO.Path.Combine(candidate, "include", "ATen", "core", "dispatch", "Dispatcher.h")))
        {
            return candidate;
        }
    }

    throw new CakeException($"--libtorch or LIBTORCH_ROOT is {folder}, which has no lib/libtorch_cpu.so with headers in include; "
        + "name the folder of an unpacked libtorch archive, or what this prints: "
        + "python3 -c 'import torch, os; print(os.path.dirname(torch.__file__))'");
}

// The folder with libonnxruntime.so; for that of an unpacked archive, its lib.
string ResolveOnnxRuntime(string folder)
{
    if (string.IsNullOrEmpty(folder))
    {
        return string.Empty;
    }

    var root = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
    foreach (var candidate in new[] { root, System.IO.Path.Combine(root, "lib") })
    {
        if (System.IO.File.Exists(System.IO.Path.Combine(candidate, "libonnxruntime.so")))
        {
            return candidate;
        }
    }

    throw new CakeException($"--onnxruntime or ONNXRUNTIME_ROOT is {folder}, which has no libonnxruntime.so, nor has its lib; name "
        + "the folder of an unpacked onnxruntime-linux-x64-gpu archive.");
}

// A folder of .nupkg files, the name of a configured NuGet source, or an address.
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

PackageChoice ReadChoice(string file)
{
    string Value(string name) => XDocument.Load(file).Descendants(name).SingleOrDefault()?.Value ?? string.Empty;
    return new PackageChoice(Value("MicrosoftMLFrom"), Value("OnnxRuntimeFrom"), Value("TorchSharpFrom"),
        Value("SimpleITKFrom"), Value("Accelerator"), new Engines(Value("LibTorchRoot"), Value("OnnxRuntimeLibraries")));
}

void WriteChoice(string file, string key, PackageChoice choice, string source)
{
    System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file));
    var document = new XDocument(new XElement("Project", new XAttribute("Label", key),
        new XElement("PropertyGroup",
            new XElement("MicrosoftMLFrom", choice.MicrosoftML),
            new XElement("OnnxRuntimeFrom", choice.OnnxRuntime),
            new XElement("TorchSharpFrom", choice.TorchSharp),
            new XElement("SimpleITKFrom", choice.SimpleITK),
            new XElement("Accelerator", choice.Accelerator),
            new XElement("LibTorchRoot", choice.Engines.LibTorch),
            new XElement("OnnxRuntimeLibraries", choice.Engines.OnnxRuntimeLibraries),
            new XElement("RestoreAdditionalProjectSources", source))));
    document.Save(file + ".tmp");
    System.IO.File.Move(file + ".tmp", file, overwrite: true);
}

// What the bridges are built from, and what the tests check the exported files with.
IEnumerable<string> DebianPackagesFor(PackageChoice choice)
{
    yield return "python3-onnx";
    if (choice.TorchSharp == "bridge" && choice.Engines.LibTorch == string.Empty)
    {
        yield return "libtorch-dev";

        // Debian's libtorch takes whatever BLAS the alternatives serve; the reference one is fifty times slower.
        yield return "libopenblas0-openmp";
    }

    if (choice.SimpleITK == "bridge")
    {
        yield return "libinsighttoolkit5-dev";
    }
}
