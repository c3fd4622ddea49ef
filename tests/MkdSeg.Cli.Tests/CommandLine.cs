using System.Diagnostics;

namespace MkdSeg.Cli.Tests;

/// <summary>Runs mkdseg as a user does: as a program of its own.</summary>
internal static class CommandLine
{
    public static (int Exit, string Output, string Error) Run(params string[] arguments) =>
        RunIn(new Dictionary<string, string?>(), arguments);

    /// <summary>The same with some environment variables set, or null for none.</summary>
    public static (int Exit, string Output, string Error) RunIn(
        IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public static string RunWell(params string[] arguments)
    {
        var (exit, output, error) = Run(arguments);
        Assert.That(exit, Is.Zero, () => $"mkdseg {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }
}
