// What the machine must have: Debian packages, the npm part, and the settings the engines are started with.

using System.Diagnostics;

string Capture(string command, string arguments, out int exit)
{
    try
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Context.Environment.WorkingDirectory.FullPath,
        });
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        exit = process.ExitCode;
        return output + error.Result;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        exit = 127;
        return string.Empty;
    }
}

bool Exists(string command) => Capture("sh", $"-c \"command -v {command}\"", out _).Length > 0;

// Names of the Debian packages in the list that dpkg does not know as installed.
string[] MissingDebianPackages(IEnumerable<string> packages)
{
    var installed = Capture("dpkg-query", "-W -f=${db:Status-Abbrev}${Package}\\n " + string.Join(' ', packages), out _)
        .Split('\n')
        .Where(line => line.StartsWith("ii "))
        .Select(line => line[3..].Trim())
        .ToHashSet();
    return packages.Where(package => !installed.Contains(package)).ToArray();
}

// Installs Debian packages that are missing. Does nothing when all is there.
void InstallMissing(IEnumerable<string> debian)
{
    var missing = MissingDebianPackages(debian);
    if (missing.Length > 0)
    {
        var list = string.Join(' ', missing);
        var prefix = System.Environment.UserName == "root" ? "" : Exists("sudo") ? "sudo " : null;
        if (prefix is null || !Exists("apt-get"))
        {
            throw new CakeException(
                $"These packages are missing and cannot be installed from here (neither root nor sudo). Run as root: "
                + $"apt-get update && apt-get install --no-install-recommends {list}");
        }

        Say("Installing Debian packages: {0}", list);
        Shell($"{prefix}apt-get update -qq");
        Shell($"{prefix}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {list}");
    }
}

// Installs what comes from npm: the libraries of the report, and ONNX Runtime where NuGet has none.
void InstallNpmPart(bool withOnnxRuntime)
{
    if (NpmPartIsCurrent(withOnnxRuntime))
    {
        return;
    }

    if (!Exists("npm"))
    {
        throw new CakeException("npm is missing; the report's libraries, and ONNX Runtime where NuGet has none, come from it. "
            + "Run as root: apt-get install npm");
    }

    Say("Installing {0}the report's libraries from npm", withOnnxRuntime ? "ONNX Runtime and " : "");
    Shell("npm ci --ignore-scripts --no-audit --no-fund --omit=optional" + (withOnnxRuntime ? "" : " --omit=dev"));
}

// npm writes its own copy of the lock file last, so an interrupted installation is not taken for a complete one.
bool NpmPartIsCurrent(bool withOnnxRuntime)
{
    var installed = File("node_modules/.package-lock.json").Path.MakeAbsolute(Context.Environment).FullPath;
    var wanted = File("package-lock.json").Path.MakeAbsolute(Context.Environment).FullPath;
    return System.IO.File.Exists(installed)
        && System.IO.File.GetLastWriteTimeUtc(installed) >= System.IO.File.GetLastWriteTimeUtc(wanted)
        && (!withOnnxRuntime || DirectoryExists("node_modules/com.github.asus4.onnxruntime"));
}

// The report's page is opened in it. Where it cannot be had, those tests are skipped and say so.
void InstallBrowserForTests()
{
    try
    {
        if (!Exists("chromium"))
        {
            InstallMissing(new[] { "chromium" });
        }
    }
    catch (CakeException error)
    {
        Say("The report's page is not opened in a browser: {0}", error.Message);
    }
}

void Shell(string command)
{
    var exit = StartProcess("sh", new ProcessSettings { Arguments = new ProcessArgumentBuilder().Append("-c").AppendQuoted(command) });
    if (exit != 0)
    {
        throw new CakeException($"`{command}` ended with exit code {exit}; its message stands above.");
    }
}

bool HasNvidiaGpu() => System.IO.File.Exists("/proc/driver/nvidia/version");

string DescribeDevice(string device, PackageChoice choice) => device switch
{
    "cpu" => $"cpu, {threads} threads",
    "cuda" => "cuda (as asked for)",
    _ => HasNvidiaGpu() ? "auto: cuda where the engine has it" : $"auto: cpu, {threads} threads (no NVIDIA GPU found)",
};

// OpenMP reads its settings once, before the first library is loaded; libtorch and ONNX Runtime each get the threads.
Dictionary<string, string> EngineEnvironment(int threads) => new()
{
    ["OMP_NUM_THREADS"] = $"{threads}",
};

// Plain text: Cake's own log writes colour codes even into files.
void Say(string format, params object[] values) => Console.WriteLine(format, values);
