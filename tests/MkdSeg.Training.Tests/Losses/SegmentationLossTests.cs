using MkdSeg.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Losses;

/// <summary>Values worked out by hand on images of two pixels.</summary>
public class SegmentationLossTests
{
    // (N, K, H, W) = (1, 3, 1, 2): pixel 0 has p = (0.5, 0.25, 0.25), pixel 1 has p = (0.2, 0.2, 0.6).
    private static readonly float[] P = [0.5f, 0.2f, 0.25f, 0.2f, 0.25f, 0.6f];
    private static readonly long[] Shape = [1, 3, 1, 2];

    [Test]
    public void Cross_entropy_is_the_mean_over_pixels()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[] { 0, 0, 1, 0, 0, 1 }, Shape); // pixel 0 is class 1, pixel 1 is class 2

        var loss = CrossEntropyLoss.Compute(y, tensor(P, Shape).log()).item<float>();

        Assert.That(loss, Is.EqualTo(-(Math.Log(0.25) + Math.Log(0.6)) / 2).Within(1e-6));
    }

    [Test]
    public void Dice_is_the_mean_over_foreground_classes_that_occur()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[] { 0, 0, 1, 0, 0, 1 }, Shape);

        var loss = DiceLoss.Compute(y, tensor(P, Shape)).item<float>();

        // Class 1: 2·0.25 / (0.45 + 1); class 2: 2·0.6 / (0.85 + 1).
        Assert.That(loss, Is.EqualTo(1 - ((0.5 / 1.45) + (1.2 / 1.85)) / 2).Within(1e-5));
    }

    [Test]
    public void Dice_leaves_out_classes_that_do_not_occur()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[] { 1, 0, 0, 0, 0, 1 }, Shape); // background, class 2

        Assert.That(DiceLoss.Compute(y, tensor(P, Shape)).item<float>(), Is.EqualTo(1 - (1.2 / 1.85)).Within(1e-5));
    }

    [Test]
    public void Dice_of_a_batch_without_foreground_is_zero()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[] { 1, 1, 0, 0, 0, 0 }, Shape);

        Assert.That(DiceLoss.Compute(y, tensor(P, Shape)).item<float>(), Is.Zero);
    }

    [Test]
    public void Pixels_without_annotation_get_no_gradient()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[] { 0, 0, 1, 0, 0, 0 }, Shape); // pixel 0 is class 1, pixel 1 is ignored
        var logits = tensor(P, Shape).log().requires_grad_(true);

        var loss = SupervisedLoss.Compute(y, Prediction.FromLogits(logits));
        loss.backward();

        // Half a mean over two pixels, and class 1 alone: 2·0.25 / (0.25 + 1).
        Assert.That(loss.item<float>(), Is.EqualTo((-Math.Log(0.25) / 2) + 1 - (0.5 / 1.25)).Within(1e-5));
        var gradient = logits.grad!.data<float>().ToArray();
        Assert.That(gradient.Where((_, i) => i % 2 == 1), Is.All.EqualTo(0).Within(1e-9));
        Assert.That(gradient.Where((_, i) => i % 2 == 0), Is.All.Not.Zero);
    }

    [Test]
    public void Supervised_loss_is_the_sum_of_both()
    {
        using var scope = NewDisposeScope();
        var y = tensor(new float[] { 0, 0, 1, 0, 0, 1 }, Shape);
        var prediction = Prediction.FromLogits(tensor(P, Shape).log());

        var expected = (-(Math.Log(0.25) + Math.Log(0.6)) / 2) + 1 - (((0.5 / 1.45) + (1.2 / 1.85)) / 2);
        Assert.That(SupervisedLoss.Compute(y, prediction).item<float>(), Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Distillation_is_the_cross_entropy_with_the_teacher_as_target()
    {
        using var scope = NewDisposeScope();
        float[] q = [0.1f, 0.6f, 0.8f, 0.3f, 0.1f, 0.1f];
        var teacher = Prediction.FromLogits(tensor(q, Shape).log());
        var student = Prediction.FromLogits(tensor(P, Shape).log());

        var expected = -q.Zip(P, (t, s) => t * Math.Log(s)).Sum() / 2;
        Assert.That(DistillationLoss.Compute(teacher, student).item<float>(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void A_temperature_softens_both_and_keeps_the_size_of_the_gradient()
    {
        using var scope = NewDisposeScope();
        float[] q = [0.1f, 0.6f, 0.8f, 0.3f, 0.1f, 0.1f];
        var teacher = Prediction.FromLogits(tensor(q, Shape).log());
        var student = Prediction.FromLogits(tensor(P, Shape).log());

        // At T = 2 p becomes √p, divided by the sum over the classes; the loss is multiplied by T² = 4.
        var (softTeacher, softStudent) = (Softened(q), Softened(P));
        var expected = -4 * softTeacher.Zip(softStudent, (t, s) => t * Math.Log(s)).Sum() / 2;
        Assert.That(DistillationLoss.Compute(teacher, student, 2).item<float>(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(
            DistillationLoss.Compute(teacher, student, 1).item<float>(),
            Is.EqualTo(DistillationLoss.Compute(teacher, student).item<float>()), "the same bits as without");

        static double[] Softened(float[] p)
        {
            var sums = new[] { 0, 1 }.Select(pixel => Enumerable.Range(0, 3).Sum(k => Math.Sqrt(p[(2 * k) + pixel]))).ToArray();
            return [.. p.Select((value, i) => Math.Sqrt(value) / sums[i % 2])];
        }
    }

    [Test]
    public void No_gradient_reaches_the_teacher()
    {
        using var scope = NewDisposeScope();
        var teacherLogits = rand(Shape);
        var studentLogits = rand(Shape);
        teacherLogits.requires_grad = true;
        studentLogits.requires_grad = true;

        DistillationLoss.Compute(Prediction.FromLogits(teacherLogits), Prediction.FromLogits(studentLogits)).backward();

        Assert.That(teacherLogits.grad, Is.Null);
        Assert.That(studentLogits.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }
}
