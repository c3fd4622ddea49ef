using MkdSeg.Common;
using MkdSeg.Experiments.Running;

namespace MkdSeg.Experiments.Tests.Running;

public class RunMessageTests
{
    [Test]
    public void Progress_is_read_as_it_was_written() => Assert.That(
        RunMessage.Parse(RunMessage.Format(new WorkProgress(1, 4, "5/20 it"))!),
        Is.EqualTo(new WorkProgress(0.25, 1, "5/20 it")));

    [TestCase("CT: 40 slices of 2 cases.")]
    [TestCase("progress is slow")]
    [TestCase("")]
    public void Other_lines_are_sentences(string line) =>
        Assert.That(RunMessage.Parse(line), Is.EqualTo(new WorkInfo(line)));
}
