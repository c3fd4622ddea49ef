using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Running;

/// <summary>Gets a run done, in this process or another one.</summary>
public interface IRunLauncher
{
    /// <summary>Does the run; returns when its result is there.</summary>
    /// <exception cref="UserErrorException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    void Launch(RunFolder folder, RunSpecification run, IRunObserver observer, CancellationToken cancellation);
}

/// <summary>Does runs in this process.</summary>
/// <param name="manifest">Where the volumes are.</param>
public sealed class InProcessLauncher(VolumeManifest manifest) : IRunLauncher
{
    /// <inheritdoc/>
    public void Launch(RunFolder folder, RunSpecification run, IRunObserver observer, CancellationToken cancellation) =>
        RunExecutor.Execute(folder, run, manifest, observer, cancellation);
}
