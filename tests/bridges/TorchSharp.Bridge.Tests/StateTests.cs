using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests;

/// <summary>Random numbers, gradient mode, gradients and threads.</summary>
public class StateTests
{
    private static float[] Draw() => randn(5).data<float>().ToArray();

    [Test]
    public void A_seed_fixes_the_numbers()
    {
        manual_seed(7);
        var first = Draw();
        var second = Draw();
        manual_seed(7);
        Assert.That(Draw(), Is.EqualTo(first));
        Assert.That(second, Is.Not.EqualTo(first));
        manual_seed(8);
        Assert.That(Draw(), Is.Not.EqualTo(first));
    }

    [Test]
    public void The_state_of_the_generator_can_be_kept()
    {
        manual_seed(7);
        Draw();
        using var state = get_rng_state();
        var expected = Draw();
        Draw();
        set_rng_state(state);
        Assert.That(Draw(), Is.EqualTo(expected));
    }

    [Test]
    public void A_generator_of_its_own_is_independent()
    {
        using var generator = new Generator(3);
        var first = randn(4, generator: generator).data<float>().ToArray();
        generator.manual_seed(3);
        Draw();
        Assert.That(randn(4, generator: generator).data<float>().ToArray(), Is.EqualTo(first));
    }

    [Test]
    public void Gradient_mode_is_restored()
    {
        using var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.That((x * 2).requires_grad, Is.False);
            using (enable_grad())
                Assert.That((x * 2).requires_grad, Is.True);
            Assert.That(is_grad_enabled(), Is.False);
        }
        Assert.That((x * 2).requires_grad, Is.True);
        Assert.That(x.detach().requires_grad, Is.False);
    }

    [Test]
    public void Backward_accumulates()
    {
        using var x = tensor(new[] { 1f, 2 }, requires_grad: true);
        Assert.That(x.grad, Is.Null);
        (x * x).sum().backward();
        (x * x).sum().backward();
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new[] { 4f, 8 }));
        x.grad = null;
        Assert.That(x.grad, Is.Null);
        (3 * x).backward([tensor(new[] { 1f, 10 })]);
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new[] { 3f, 30 }));
    }

    [Test]
    public void Gradients_can_be_asked_for()
    {
        using var x = tensor(new[] { 1f, 2 }, requires_grad: true);
        using var unused = ones(1, requires_grad: true);
        var y = (x * x).sum();
        Assert.That(() => autograd.grad([y], [unused], retain_graph: true), Throws.Exception);
        var grads = autograd.grad([y], [x, unused], allow_unused: true);
        Assert.That(grads[0].data<float>().ToArray(), Is.EqualTo(new[] { 2f, 4 }));
        Assert.That(x.grad, Is.Null);
    }

    [Test]
    public void Threads_can_be_set()
    {
        var before = get_num_threads();
        set_num_threads(2);
        Assert.That(get_num_threads(), Is.EqualTo(2));
        set_num_threads(before);
    }

    [Test]
    public void The_version_is_known() => Assert.That(__version__, Does.Match(@"^\d+\.\d+"));
}
