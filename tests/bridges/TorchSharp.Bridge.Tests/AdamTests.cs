using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests;

public class AdamTests
{
    private const double Lr = 0.01, Beta1 = 0.8, Beta2 = 0.95, Eps = 1e-6;

    private static readonly float[] s_start = [.. Enumerable.Range(0, 37).Select(i => MathF.Sin(i) * 2)];

    private static float[] GradientAt(int step) =>
        [.. s_start.Select((_, i) => MathF.Cos(i * 0.7f + step) * (i % 5 == 0 ? 1e-3f : 1))];

    /// <summary>Kingma and Ba, algorithm 1 (and AMSGrad), in double precision.</summary>
    private static double[] Reference(int steps, double weightDecay, bool amsgrad, bool maximize)
    {
        var p = s_start.Select(x => (double)x).ToArray();
        double[] m = new double[p.Length], v = new double[p.Length], vMax = new double[p.Length];
        for (var t = 1; t <= steps; t++)
        {
            var gradient = GradientAt(t);
            for (var i = 0; i < p.Length; i++)
            {
                var g = (maximize ? -1 : 1) * gradient[i] + weightDecay * p[i];
                m[i] = Beta1 * m[i] + (1 - Beta1) * g;
                v[i] = Beta2 * v[i] + (1 - Beta2) * g * g;
                vMax[i] = Math.Max(vMax[i], v[i]);
                var vHat = (amsgrad ? vMax[i] : v[i]) / (1 - Math.Pow(Beta2, t));
                p[i] -= Lr * (m[i] / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(vHat) + Eps);
            }
        }
        return p;
    }

    private static void Run(Adam optimizer, Parameter parameter, int from, int to)
    {
        for (var t = from; t <= to; t++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (parameter * tensor(GradientAt(t)).to(parameter.dtype)).sum().backward();
            optimizer.step();
        }
    }

    [TestCase(0, false, false, false)]
    [TestCase(0.1, false, false, false)]
    [TestCase(0.1, true, false, false)]
    [TestCase(0, false, true, false)]
    [TestCase(0, false, false, true)]
    [TestCase(0.1, true, true, true)]
    public void Follows_the_formula(double weightDecay, bool amsgrad, bool maximize, bool inDouble)
    {
        using var parameter = new Parameter(tensor(s_start).to(inDouble ? float64 : float32));
        using var optimizer = optim.Adam(
            [parameter], Lr, Beta1, Beta2, Eps, weight_decay: weightDecay, amsgrad: amsgrad, maximize: maximize);
        Run(optimizer, parameter, 1, 20);
        Assert.That(
            parameter.to(float64).data<double>().ToArray(),
            Is.EqualTo(Reference(20, weightDecay, amsgrad, maximize)).Within(inDouble ? 1e-12 : 2e-6));
    }

    [Test]
    public void Leaves_parameters_without_gradient_alone()
    {
        using var used = new Parameter(ones(3));
        using var unused = new Parameter(ones(3));
        using var optimizer = optim.Adam([used, unused], Lr);
        used.sum().backward();
        optimizer.step();
        Assert.That(used.data<float>().ToArray(), Is.All.EqualTo(0.99f).Within(1e-6));
        Assert.That(unused.data<float>().ToArray(), Is.All.EqualTo(1f));
    }

    [Test]
    public void Learning_rate_of_a_group_can_be_set()
    {
        using var parameter = new Parameter(ones(3));
        using var optimizer = optim.Adam([parameter], 0.5);
        foreach (var group in optimizer.ParamGroups)
        {
            Assert.That(group.LearningRate, Is.EqualTo(0.5));
            group.LearningRate = Lr;
        }
        parameter.sum().backward();
        optimizer.step();
        Assert.That(parameter.data<float>().ToArray(), Is.All.EqualTo(0.99f).Within(1e-6));
    }

    [Test]
    public void State_carries_over_to_another_optimizer()
    {
        using var through = new Parameter(tensor(s_start));
        using var whole = optim.Adam([through], Lr, Beta1, Beta2, Eps);
        Run(whole, through, 1, 8);

        using var first = new Parameter(tensor(s_start));
        using var before = optim.Adam([first], Lr, Beta1, Beta2, Eps);
        Run(before, first, 1, 5);
        using var second = new Parameter(first.detach().clone());
        using var after = optim.Adam([second], Lr, Beta1, Beta2, Eps);
        var saved = (Adam.State)before.state_dict().State[0];
        Assert.That(saved.step, Is.EqualTo(5));
        Assert.That(saved.exp_avg.shape, Is.EqualTo(first.shape));
        after.load_state_dict(before.state_dict());
        Run(after, second, 6, 8);
        Assert.That(second.data<float>().ToArray(), Is.EqualTo(through.data<float>().ToArray()));
    }
}
