using System.Diagnostics;

namespace MkdSeg.Samples.Tests;

/// <summary>A sample, started as a program of its own from where it was built.</summary>
internal sealed class SampleProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private SampleProgram(string name, string[] arguments)
    {
        // bin/<configuration>/<framework>, the same for tests and samples.
        var folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var (framework, configuration) = (Path.GetFileName(folder), Path.GetFileName(Path.GetDirectoryName(folder)!));
        var assembly = Repository.File(Path.Combine("samples", name, "bin", configuration, framework, name + ".dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public StreamReader Output => _process.StandardOutput;

    public static SampleProgram Start(string name, params string[] arguments) => new(name, arguments);

    /// <summary>Runs a sample to its end; its lines.</summary>
    public static string[] Run(string name, params string[] arguments)
    {
        using var program = new SampleProgram(name, arguments);
        var lines = program.Output.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(program._process.WaitForExit(Patience), Is.True, "the sample ends");
        Assert.That(program._process.ExitCode, Is.Zero, program._errors.Result);
        return lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
