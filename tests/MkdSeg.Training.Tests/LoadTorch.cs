using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Tests;

/// <summary>Tests that use TorchSharp before any type of ours need its libraries loaded first.</summary>
[SetUpFixture]
public class LoadTorch
{
    [OneTimeSetUp]
    public void Load() => TorchLibraries.Load();
}
