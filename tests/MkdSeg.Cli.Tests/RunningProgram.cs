using System.Diagnostics;
using System.Text;

namespace MkdSeg.Cli.Tests;

/// <summary>A program that runs while a test does something; what it says is kept, and disposing ends it.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    public RunningProgram(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public static RunningProgram Mkdseg(params string[] arguments) => new(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll"), .. arguments],
        new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" });

    /// <summary>Waits until something is so; fails where the program ends before.</summary>
    public void Until(Func<bool> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (_process.HasExited || watch.Elapsed > Patience)
                Assert.Fail($"{(_process.HasExited ? $"It ended with {_process.ExitCode}" : "Nothing came")}:\n{Said}");
            Thread.Sleep(5);
        }
    }

    public void UntilSaid(string text) => Until(() => Said.Contains(text, StringComparison.Ordinal));

    public int WaitForExit()
    {
        Assert.That(_process.WaitForExit(Patience), Is.True, Said);
        return _process.ExitCode;
    }

    /// <summary>As `kill -9`: the program learns nothing of it.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As Ctrl-C.</summary>
    public int Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        return WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
            _said.AppendLine(line.Data);
    }
}
