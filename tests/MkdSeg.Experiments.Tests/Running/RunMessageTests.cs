using MkdSeg.Experiments.Running;

namespace MkdSeg.Experiments.Tests.Running;

public class RunMessageTests
{
    [Test]
    public void Progress_is_read_as_it_was_written()
    {
        var line = RunMessage.Format(new(0.25, "5/20 it"));

        Assert.That(RunMessage.TryParse(line, out var progress));
        Assert.That(progress, Is.EqualTo(new RunProgress(0.25, "5/20 it")));
    }

    [TestCase("CT: 40 slices of 2 cases.")]
    [TestCase("progress is slow")]
    [TestCase("")]
    public void Other_lines_are_no_progress(string line) => Assert.That(RunMessage.TryParse(line, out _), Is.False);
}
