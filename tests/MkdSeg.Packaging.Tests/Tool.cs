using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MkdSeg.Packaging.Tests;

/// <summary>Starts programs as a user's shell would, outside of the repository's build.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs a program to its end; exit code, output and errors.</summary>
    internal static (int Exit, string Output, string Error) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The build that runs these tests tells its children which MSBuild they belong to.
        foreach (var name in start.Environment.Keys.Where(
            name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} does not end.");
        }

        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs a program that has to end well; its output.</summary>
    internal static string RunWell(string folder, string program, params string[] arguments)
    {
        var (exit, output, error) = Run(folder, program, arguments);
        Assert.That(exit, Is.Zero, () => $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }
}
