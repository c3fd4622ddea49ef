using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Running;
using MkdSeg.TestKit;

namespace MkdSeg.Experiments.Tests.Running;

/// <summary>Runs in processes of their own, played by a shell.</summary>
public class ChildProcessLauncherTests
{
    private readonly TemporaryFolder _temporary = new();
    private readonly List<string> _said = [];
    private readonly List<WorkProgress> _reported = [];

    [OneTimeTearDown]
    public void Delete() => _temporary.Dispose();

    [SetUp]
    public void Forget()
    {
        _said.Clear();
        _reported.Clear();
    }

    [Test]
    public void Output_is_progress_or_log()
    {
        Launch("test -s run.json && echo hello && echo progress 0.5 1/2 && touch result.json");

        Assert.That(_said, Is.EqualTo(new[] { "hello" }));
        Assert.That(_reported, Is.EqualTo(new[] { new WorkProgress(0.5, 1, "1/2") }));
    }

    [Test]
    public void The_last_error_says_why_it_failed() => Assert.That(
        () => Launch("echo first >&2; echo mkdseg: no such case. >&2; exit 1"),
        Throws.TypeOf<UserErrorException>().With.Message.EqualTo("mkdseg: no such case."));

    [Test]
    public void A_process_that_dies_silently_is_a_failure() => Assert.That(
        () => Launch("kill -9 $$"), Throws.TypeOf<UserErrorException>().With.Message.Contains("exit code 137"));

    [Test]
    public void The_child_stops_when_it_shall()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => Launch("echo progress 0.1 started; while read line; do :; done; touch stopped; exit 130", stop),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_temporary["stopped"], Does.Exist);
    }

    private void Launch(string script, CancellationTokenSource? stopAtProgress = null)
    {
        var run = ExperimentPlan.Create(TinyExperiment.Manifest(), TinyExperiment.Options).Runs[0];
        var launcher = new ChildProcessLauncher(folder =>
        {
            var start = new ProcessStartInfo("sh") { WorkingDirectory = folder.Path };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(script);
            return start;
        });
        launcher.Launch(
            new(_temporary.Path), run, Listener(stopAtProgress), stopAtProgress?.Token ?? CancellationToken.None);
    }

    private DirectProgress<WorkEvent> Listener(CancellationTokenSource? stopAtProgress) => new(value =>
    {
        if (value is WorkProgress progress)
        {
            _reported.Add(progress);
            stopAtProgress?.Cancel();
        }
        else
        {
            _said.Add(((WorkInfo)value).Message);
        }
    });
}
