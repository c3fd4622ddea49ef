using System.Diagnostics;

namespace MkdSeg.Docs.Tests;

/// <summary>The command line, started as the pages tell.</summary>
internal static class Mkdseg
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs `./mkdseg` in a folder; its output.</summary>
    public static string Run(string folder, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.That(process.WaitForExit(Patience), Is.True, $"mkdseg {string.Join(' ', arguments)} does not end");
        Assert.That(process.ExitCode, Is.Zero, () => $"mkdseg {string.Join(' ', arguments)}\n{output.Result}\n{error.Result}");
        return output.Result;
    }
}
