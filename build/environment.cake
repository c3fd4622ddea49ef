// The machine's prerequisites: Debian packages, the report's libraries, and the engines' environment variables.

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

// Rejects switches that no code reads; Cake handles its own.
void RefuseUnknownArguments(string[] known)
{
    string[] cakes = ["verbosity", "exclusive", "dryrun", "description", "tree", "info", "nocolor", "settings_skippackageversioncheck"];
    foreach (var name in Context.Arguments.GetArguments().Keys.Except([.. known, .. cakes], StringComparer.OrdinalIgnoreCase))
    {
        throw new CakeException(
            $"--{name} is not an option of --target={target}, which accepts "
            + $"{string.Join(", ", known.Skip(1).Select(item => "--" + item))}.");
    }
}

bool Exists(string command) => Capture("sh", $"-c \"command -v {command}\"", out _).Length > 0;

// Returns the Debian packages in the list that dpkg does not report as installed.
string[] MissingDebianPackages(IEnumerable<string> packages)
{
    var installed = Capture("dpkg-query", "-W -f=${db:Status-Abbrev}${Package}\\n " + string.Join(' ', packages), out _)
        .Split('\n')
        .Where(line => line.StartsWith("ii "))
        .Select(line => line[3..].Trim())
        .ToHashSet();
    return packages.Where(package => !installed.Contains(package)).ToArray();
}

// Installs missing Debian packages; reports first which, why and how much.
void InstallMissing(string purpose, params string[] packages)
{
    var missing = MissingDebianPackages(packages);
    if (missing.Length == 0)
    {
        return;
    }

    var list = string.Join(' ', missing);
    var prefix = System.Environment.UserName == "root" ? "" : Exists("sudo") ? "sudo " : null;
    if (prefix is null || !Exists("apt-get"))
    {
        throw new CakeException(
            $"These packages are missing ({purpose}) and cannot be installed from here (neither root nor sudo). Run as root: "
            + $"apt-get update && apt-get install --no-install-recommends {list}");
    }

    Shell($"{prefix}apt-get update -qq");
    Info("Debian:   installing {0}, for {1}{2}", list, purpose, DescribeDownload(list));
    Shell($"{prefix}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {list}");
}

// ": 207 packages, 178 MB to download, 1,022 MB on disk", as apt announces it; empty if it does not.
string DescribeDownload(string packages)
{
    var plan = Capture("env", $"LC_ALL=C apt-get install --assume-no --no-install-recommends {packages}", out _);
    string Find(string pattern) => System.Text.RegularExpressions.Regex.Match(plan, pattern).Groups[1].Value;
    var (count, download, disk) =
        (Find(@"(\d+) newly installed"), Find(@"Need to get ([\d.,]+ .?B)"), Find(@"operation, ([\d.,]+ .?B) of additional"));
    return download == "" || disk == "" ? "" : $": {count} packages, {download} to download, {disk} on disk";
}

// Installs the report's libraries, and a DICOM reader for the tests. npm writes its own copy of the lock file last, so an
// interrupted installation is detected.
void InstallNpmPackages(bool withTests)
{
    var installed = new System.IO.FileInfo("node_modules/.package-lock.json");
    if (installed.Exists && installed.LastWriteTimeUtc >= System.IO.File.GetLastWriteTimeUtc("package-lock.json")
        && (!withTests || System.IO.Directory.Exists("node_modules/dcmjs")))
    {
        return;
    }

    if (!Exists("npm"))
    {
        throw new CakeException("npm is missing; it installs the report's libraries. Run as root: apt-get install npm");
    }

    Info(withTests
        ? "npm:      installing 27 packages into node_modules (69 MB), for the report's page and the tests"
        : "npm:      installing 18 packages into node_modules (37 MB), for the report's page");
    Shell("npm ci --silent --ignore-scripts --no-audit --no-fund --omit=optional" + (withTests ? "" : " --omit=dev"));
}

// The first restore is the largest download, so it is announced too.
void AnnounceRestore()
{
    var cache = EnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    if (!System.IO.Directory.Exists(System.IO.Path.Combine(cache, "libtorch-cpu-linux-x64")))
    {
        Info("NuGet:    the build restores about 2.1 GB of packages into {0}, most of it libtorch and ONNX Runtime", cache);
    }
}

// Tests open the report's page in this browser; if it is not available, they are skipped with a message.
void InstallBrowserForTests()
{
    try
    {
        if (!Exists("chromium"))
        {
            InstallMissing("the tests that open the report's page", "chromium");
        }
    }
    catch (CakeException error)
    {
        Info("Tests that open the report's page are skipped: {0}", error.Message);
    }
}

void Shell(string command)
{
    var exit = StartProcess("sh", new ProcessSettings { Arguments = new ProcessArgumentBuilder().Append("-c").AppendQuoted(command) });
    if (exit != 0)
    {
        throw new CakeException($"`{command}` ended with exit code {exit}; its message is above.");
    }
}

bool HasNvidiaGpu() => System.IO.File.Exists("/proc/driver/nvidia/version");

string DescribeDevice(string device, PackageSettings settings) => device switch
{
    "cpu" => $"cpu, {threads} threads",
    _ when settings.Inference == "cpu" => $"auto: cpu, {threads} threads (no NVIDIA GPU found)",
    _ => $"{device}: scoring with CUDA, training with {(settings.Training == "cuda" ? "CUDA" : "the CPU")}",
};

// OpenMP reads its settings once, before the first library is loaded; libtorch and ONNX Runtime each get this number of threads.
Dictionary<string, string> EngineEnvironment(int threads) => new()
{
    ["OMP_NUM_THREADS"] = $"{threads}",
};

// Plain text: Cake's own log writes colour codes even into files.
void Info(string format, params object[] values) => Console.WriteLine(format, values);
