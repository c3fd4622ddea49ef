namespace MkdSeg.Phantom;

/// <summary>How far the writing of a data set is.</summary>
/// <param name="Done">Volumes that are there.</param>
/// <param name="Total">Volumes of the data set.</param>
/// <param name="CaseId">The volume that was finished last.</param>
/// <param name="WasThere">Whether it was complete and right before, so that nothing was made.</param>
public readonly record struct PhantomProgress(int Done, int Total, string CaseId, bool WasThere);
