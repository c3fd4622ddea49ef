using MkdSeg.Training.Methods;

namespace MkdSeg.Training.Tests.Methods;

public class ZhangTests
{
    [Test]
    public void The_ensembles_first_segmentor_is_zhangs_and_the_second_another()
    {
        using var zhang = new Zhang(TinyTraining.Networks());
        using var ensemble = new ZhangEnsemble(TinyTraining.Networks());
        var (one, two) = (TinyTraining.Trainer(zhang), TinyTraining.Trainer(ensemble));
        for (var i = 0; i < 4; i++)
        {
            one.Step();
            two.Step();
        }

        var expected = zhang.Networks.ToDictionary(
            network => network.Role, network => network.Parameters.ToWeights().ComputeHash());
        foreach (var network in ensemble.Networks)
        {
            var hash = network.Parameters.ToWeights().ComputeHash();
            Assert.That(hash, Is.EqualTo(expected.GetValueOrDefault(network.Role, hash)), network.Role);
            if (network.Role == "S_2")
            {
                Assert.That(expected.Values, Has.None.EqualTo(hash));
            }
        }
    }
}
