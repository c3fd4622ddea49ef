using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests;

[NonParallelizable]
public class LifetimeTests
{
    [Test]
    public void A_scope_disposes_what_was_created_in_it()
    {
        var before = Tensor.TotalCount;
        Tensor inner, kept, detached;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                inner = ones(3) + 1;
                kept = ones(3).MoveToOuterDisposeScope();
                detached = ones(3).DetachFromDisposeScope();
            }
            Assert.That(inner.IsInvalid, Is.True);
            Assert.That(kept.sum().ToSingle(), Is.EqualTo(3));
        }
        Assert.That(kept.IsInvalid, Is.True);
        Assert.That(detached.IsInvalid, Is.False);
        detached.Dispose();
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void A_tensor_moves_to_the_scope_of_another()
    {
        using var outer = NewDisposeScope();
        var first = ones(2);
        using (NewDisposeScope())
        {
            var second = ones(2).MoveToOtherDisposeScope(first);
            Assert.That(outer.Contains(second), Is.True);
        }
        Assert.That(outer.DisposablesCount, Is.EqualTo(2));
        first.Dispose();
        Assert.That(outer.DisposablesCount, Is.EqualTo(1));
    }

    [Test]
    public void A_parameter_takes_the_tensor_over()
    {
        using var scope = NewDisposeScope();
        var data = ones(2);
        var parameter = new Parameter(data);
        Assert.That(data.IsInvalid, Is.True);
        Assert.That(parameter.requires_grad, Is.True);
        Assert.That(scope.Contains(parameter), Is.True);
        parameter.DetachFromDisposeScope();
        scope.Dispose();
        Assert.That(parameter.IsInvalid, Is.False);
        parameter.Dispose();
    }

    [Test]
    public void Training_steps_leave_no_tensors()
    {
        using var weight = new Parameter(randn(4, 3, 3, 3));
        using var input = randn(2, 3, 16, 16);
        using var optimizer = optim.Adam([weight]);
        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.conv2d(input, weight).square().mean().backward();
            optimizer.step();
        }
        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 50; i++)
            Step();
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void Forgotten_tensors_are_freed_without_a_scope()
    {
        // 4 GB in all; with the collector unaware of them nothing would be freed.
        for (var i = 0; i < 1000; i++)
            _ = zeros(1 << 20);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(Environment.WorkingSet, Is.LessThan(2L << 30));
    }

    [Test]
    public void A_disposed_tensor_says_so()
    {
        var gone = ones(2);
        gone.Dispose();
        gone.Dispose();
        Assert.That(() => gone + 1, Throws.InvalidOperationException);
    }
}
