using MkdSeg.TestKit;
using MkdSeg.Training.Logging;

namespace MkdSeg.Training.Tests.Logging;

public class MetricsLogTests
{
    [Test]
    public void A_loss_of_a_later_stage_is_a_column_that_is_empty_before()
    {
        using var folder = new TemporaryFolder();
        var path = folder["metrics.csv"];
        using (var log = new MetricsLog(path))
        {
            log.Write(1, "translate", TimeSpan.FromSeconds(1), new(0.1, 0.2), [new("G", "L_adv", 1.5f), new("G", "L_cyc", 2)]);
            log.Write(2, "segment", TimeSpan.FromSeconds(2), new(0.1, 0.2), [new("S", "L_sup", 3)]);
            log.Write(3, "segment", TimeSpan.FromSeconds(3), new(0.1, 0.2), [new("S", "L_sup", 4), new("G", "L_cyc", 5)]);
        }

        Assert.That(File.ReadAllLines(path), Is.EqualTo(
        [
            "iteration,stage,seconds,lr_segmentor,lr_adversarial,L_adv,L_cyc,L_sup",
            "1,translate,1.000,0.1,0.2,1.5,2,",
            "2,segment,2.000,0.1,0.2,,,3",
            "3,segment,3.000,0.1,0.2,,5,4",
        ]));
    }
}
