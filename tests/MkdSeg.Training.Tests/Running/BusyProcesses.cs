using System.Diagnostics;

namespace MkdSeg.Training.Tests.Running;

/// <summary>Processes that keep a processor busy each, until disposed.</summary>
internal sealed class BusyProcesses(int count) : IDisposable
{
    private readonly List<Process> _processes =
        [.. Enumerable.Range(0, count).Select(_ => Process.Start("sh", ["-c", "while :; do :; done"]))];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
