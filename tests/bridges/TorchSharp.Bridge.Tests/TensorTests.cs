using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Bridge.Tests;

public class TensorTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void Open() => _scope = NewDisposeScope();

    [TearDown]
    public void Close() => _scope.Dispose();

    private static Tensor Of(params float[] values) => tensor(values);

    private static float[] Values(Tensor tensor) => tensor.to(float32).data<float>().ToArray();

    private static Tensor Counting(params long[] shape) =>
        arange(1, shape.Aggregate(1L, (a, b) => a * b) + 1).reshape(shape);

    [Test]
    public void Arithmetic_with_tensors_and_numbers()
    {
        var x = Of(1, 2, 4);
        Assert.That(Values(x + Of(1, 1, 1)), Is.EqualTo(new[] { 2f, 3, 5 }));
        Assert.That(Values(1 - x), Is.EqualTo(new[] { 0f, -1, -3 }));
        Assert.That(Values(2.0 * x - 1f), Is.EqualTo(new[] { 1f, 3, 7 }));
        Assert.That(Values(8 / x), Is.EqualTo(new[] { 8f, 4, 2 }));
        Assert.That(Values(x / 2), Is.EqualTo(new[] { 0.5f, 1, 2 }));
        Assert.That(Values(-x), Is.EqualTo(new[] { -1f, -2, -4 }));
        Assert.That(Values(x.pow(2)), Is.EqualTo(new[] { 1f, 4, 16 }));
        Assert.That(Values(x.add(Of(1, 2, 3), 10)), Is.EqualTo(new[] { 11f, 22, 34 }));
        Assert.That(Values(x.div(Of(3, 3, 3), RoundingMode.floor)), Is.EqualTo(new[] { 0f, 0, 1 }));
        Assert.That((x / 2).dtype, Is.EqualTo(float32));
        Assert.That((tensor(new long[] { 1, 2 }) / 2).dtype, Is.EqualTo(float32));
        Assert.That((tensor(new long[] { 1, 2 }) * 2).dtype, Is.EqualTo(int64));
    }

    [Test]
    public void In_place_operators_change_the_tensor_and_return_it()
    {
        var x = Of(1, 2, 4);
        var result = x.mul_(3).add_(1).sub_(Of(1, 1, 1)).div_(3);
        Assert.That(Values(x), Is.EqualTo(new[] { 1f, 2, 4 }).Within(1e-6));
        Assert.That(Values(result), Is.EqualTo(Values(x)));
        Assert.That(Values(x.addcmul_(Of(1, 1, 1), Of(2, 3, 4), 2)), Is.EqualTo(new[] { 5f, 8, 12 }).Within(1e-5));
        Assert.That(Values(x.lerp_(Of(0, 0, 0), Of(1, 0.5f, 0))), Is.EqualTo(new[] { 0f, 4, 12 }).Within(1e-5));
        Assert.That(Values(x.copy_(Of(7, 8, 9))), Is.EqualTo(new[] { 7f, 8, 9 }));
        Assert.That(Values(x.zero_()), Is.All.EqualTo(0f));
    }

    [Test]
    public void Shapes()
    {
        var x = Counting(2, 3, 4);
        Assert.That(x.shape, Is.EqualTo(new long[] { 2, 3, 4 }));
        Assert.That(x.size(-1), Is.EqualTo(4));
        Assert.That(x.permute(2, 0, 1).shape, Is.EqualTo(new long[] { 4, 2, 3 }));
        Assert.That(x.transpose(0, 2).is_contiguous(), Is.False);
        Assert.That(Values(x.select(0, 1).select(0, 2)), Is.EqualTo(new[] { 21f, 22, 23, 24 }));
        Assert.That(x[1, 2, 3].ToInt64(), Is.EqualTo(24));
        Assert.That(Values(x.narrow(2, 1, 2)[0, 0]), Is.EqualTo(new[] { 2f, 3 }));
        Assert.That(Values(x.slice(2, 0, 4, 2)[1, 1]), Is.EqualTo(new[] { 17f, 19 }));
        Assert.That(Values(x[0, 0].flip(0)), Is.EqualTo(new[] { 4f, 3, 2, 1 }));
        Assert.That(x.unsqueeze(1).shape, Is.EqualTo(new long[] { 2, 1, 3, 4 }));
        Assert.That(x.unsqueeze(0).squeeze(0).dim(), Is.EqualTo(3));
        Assert.That(ones(1, 3).expand(5, 3).shape, Is.EqualTo(new long[] { 5, 3 }));
        Assert.That(Values(x[0, 0].index_select(0, tensor(new long[] { 3, 0 }))), Is.EqualTo(new[] { 4f, 1 }));
        Assert.That(cat([x, x], 1).shape, Is.EqualTo(new long[] { 2, 6, 4 }));
        Assert.That(stack([x, x, x]).shape, Is.EqualTo(new long[] { 3, 2, 3, 4 }));
        Assert.That(x.split(2, dim: 2).Select(part => part.size(2)), Is.EqualTo(new long[] { 2, 2 }));
        Assert.That(x.chunk(3, 1), Has.Length.EqualTo(3));
    }

    [Test]
    public void Reductions()
    {
        var x = Counting(2, 3).to(float32);
        Assert.That(x.sum().ToSingle(), Is.EqualTo(21));
        Assert.That(Values(x.sum(0L)), Is.EqualTo(new[] { 5f, 7, 9 }));
        Assert.That(Values(x.mean([1], keepdim: true)), Is.EqualTo(new[] { 2f, 5 }));
        Assert.That(Values(x.amax(0, 1)), Is.EqualTo(new[] { 6f }));
        Assert.That(Values(x.argmax(1)), Is.EqualTo(new[] { 2f, 2 }));
        Assert.That(Values(x.var(1, unbiased: false)), Is.EqualTo(new[] { 2 / 3f, 2 / 3f }).Within(1e-6));
        Assert.That(x.std().ToDouble(), Is.EqualTo(Math.Sqrt(3.5)).Within(1e-6));
        var (values, indexes) = x.max(1);
        Assert.That(Values(values), Is.EqualTo(new[] { 3f, 6 }));
        Assert.That(indexes.data<long>().ToArray(), Is.EqualTo(new long[] { 2, 2 }));
        Assert.That((x > 0).all().ToBoolean(), Is.True);
        Assert.That((x > 6).any().ToBoolean(), Is.False);
    }

    [Test]
    public void Comparisons_and_choice()
    {
        var x = Of(1, float.NaN, float.PositiveInfinity, -2);
        Assert.That(x.isnan().data<bool>().ToArray(), Is.EqualTo(new[] { false, true, false, false }));
        Assert.That(x.isfinite().data<bool>().ToArray(), Is.EqualTo(new[] { true, false, false, true }));
        Assert.That(Values(where(x < 0, Of(9), x))[3], Is.EqualTo(9));
        Assert.That(x.clamp(min: -1, max: 1)[3].ToSingle(), Is.EqualTo(-1));
        Assert.That((2 > Of(1, 2, 3)).data<bool>().ToArray(), Is.EqualTo(new[] { true, false, false }));
        Assert.That(Of(1, 2).Equals(Of(1, 2)), Is.True);
    }

    [Test]
    public void Gather_and_scatter()
    {
        var index = tensor(new long[] { 2, 0 }, [2, 1]);
        Assert.That(Values(Counting(2, 3).gather(1, index)), Is.EqualTo(new[] { 3f, 4 }));
        var target = zeros(2, 3).scatter_(1, index, ones(2, 1));
        Assert.That(Values(target), Is.EqualTo(new[] { 0f, 0, 1, 1, 0, 0 }));
        var oneHot = functional.one_hot(tensor(new long[] { 1, 0 }), 3);
        Assert.That(Values(oneHot), Is.EqualTo(new[] { 0f, 1, 0, 1, 0, 0 }));
    }

    [Test]
    public void Matrix_products()
    {
        var a = Counting(2, 3).to(float32);
        Assert.That(Values(a.mm(a.t())), Is.EqualTo(new[] { 14f, 32, 32, 77 }));
        Assert.That(Values(matmul(a, Of(1, 0, -1))), Is.EqualTo(new[] { -2f, -2 }));
    }

    [Test]
    public void Accessors_follow_strides()
    {
        var x = Counting(2, 3).t();
        using var accessor = x.data<long>();
        Assert.That(accessor.ToArray(), Is.EqualTo(new long[] { 1, 4, 2, 5, 3, 6 }));
        Assert.That(accessor[2, 1], Is.EqualTo(6));
        accessor[0, 1] = 40;
        Assert.That(x[0, 1].item<long>(), Is.EqualTo(40));
        Assert.That(accessor, Is.EqualTo(accessor.ToArray()));
        Assert.That(() => x.data<float>(), Throws.ArgumentException);
    }

    [Test]
    public void Arrays_come_and_go()
    {
        var matrix = from_array(new[,] { { 1.5, 2 }, { 3, 4 } });
        Assert.That(matrix.dtype, Is.EqualTo(float64));
        Assert.That(matrix.shape, Is.EqualTo(new long[] { 2, 2 }));
        Assert.That(matrix[0, 0].item<double>(), Is.EqualTo(1.5));
        var source = new[] { 1f, 2 };
        var copy = tensor(source, [2, 1]);
        source[0] = 9;
        Assert.That(Values(copy), Is.EqualTo(new[] { 1f, 2 }));
        Assert.That(tensor(new byte[] { 200 }).data<byte>()[0], Is.EqualTo(200));
        Assert.That(() => tensor(new[] { 1f, 2 }, [3L]), Throws.ArgumentException);
    }

    [Test]
    public void Types_convert()
    {
        Assert.That(Of(1.75f).to(int64).ToInt64(), Is.EqualTo(1));
        Assert.That(Of(0, 2).to(@bool).data<bool>().ToArray(), Is.EqualTo(new[] { false, true }));
        var narrow = Of(1.0078125f, 3) * 1;
        Assert.That(Values(narrow.to(bfloat16) * 2), Is.EqualTo(new[] { 2.015625f, 6 }));
        Assert.That(Of(1).to(CPU).device.type, Is.EqualTo(DeviceType.CPU));
        Assert.That(full([2], 3, int32).dtype, Is.EqualTo(int32));
        Assert.That(Values(linspace(0, 1, 3)), Is.EqualTo(new[] { 0f, 0.5f, 1 }));
        Assert.That(arange(0, 3, 1).dtype, Is.EqualTo(int64));
        Assert.That(Of(1, 2).ToString(), Does.StartWith("[2], type = Float32, device = cpu"));
    }

    [Test]
    public void Losses()
    {
        var logits = Of(1, 2, 3).view(1, 3);
        var normalizer = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3));
        var label = tensor(new long[] { 1 });
        Assert.That(functional.cross_entropy(logits, label).ToDouble(), Is.EqualTo(normalizer - 2).Within(1e-6));
        Assert.That(
            functional.nll_loss(functional.log_softmax(logits, 1), label).ToDouble(),
            Is.EqualTo(normalizer - 2).Within(1e-6));
        Assert.That(functional.l1_loss(Of(1, 4), Of(2, 2)).ToDouble(), Is.EqualTo(1.5));
        Assert.That(functional.mse_loss(Of(1, 4), Of(2, 2), Reduction.Sum).ToDouble(), Is.EqualTo(5));
        Assert.That(
            functional.binary_cross_entropy_with_logits(Of(0), Of(1)).ToDouble(), Is.EqualTo(Math.Log(2)).Within(1e-6));
    }

    [Test]
    public void Layers()
    {
        var x = Counting(1, 1, 3, 3).to(float32);
        Assert.That(Values(functional.conv2d(x, ones(1, 1, 2, 2))), Is.EqualTo(new[] { 12f, 16, 24, 28 }));
        Assert.That(functional.conv_transpose2d(x, ones(1, 1, 2, 2), strides: [2, 2]).sum().ToSingle(),
            Is.EqualTo(180));
        Assert.That(
            Values(functional.pad(x, [1, 0, 0, 0], PaddingModes.Reflect)),
            Is.EqualTo(new[] { 2f, 1, 2, 3, 5, 4, 5, 6, 8, 7, 8, 9 }));
        Assert.That(functional.pad(x, [1, 1, 1, 1], value: 2).sum().ToSingle(), Is.EqualTo(45 + 32));
        Assert.That(Values(functional.max_pool2d(x, 2)), Is.EqualTo(new[] { 5f }));
        Assert.That(Values(functional.avg_pool2d(x, 3)), Is.EqualTo(new[] { 5f }));
        Assert.That(Values(functional.relu(Of(-1, 2))), Is.EqualTo(new[] { 0f, 2 }));
        Assert.That(Values(functional.leaky_relu(Of(-1, 2), 0.2)), Is.EqualTo(new[] { -0.2f, 2 }));
        var pair = Of(1, 3).view(1, 1, 1, 2);
        var bilinear = functional.interpolate(pair, [1, 3], mode: InterpolationMode.Bilinear, align_corners: true);
        Assert.That(Values(bilinear), Is.EqualTo(new[] { 1f, 2, 3 }));
        Assert.That(Values(functional.interpolate(pair, scale_factor: [1, 2])), Is.EqualTo(new[] { 1f, 1, 3, 3 }));
    }

    [Test]
    public void Dropout_scales_what_it_keeps()
    {
        var kept = Values(functional.dropout(ones(1000), 0.25));
        Assert.That(kept.Distinct().Order(), Is.EqualTo(new[] { 0, 1 / 0.75f }).Within(1e-6));
        Assert.That(kept.Count(value => value == 0), Is.InRange(180, 320));
        Assert.That(Values(functional.dropout(ones(10), 0.5, training: false)), Is.All.EqualTo(1f));
    }

    [Test]
    public void Errors_are_exceptions_with_a_short_message()
    {
        var error = Assert.Throws<ExternalException>(() => _ = ones(2, 3) + ones(2, 4));
        Assert.That(error!.Message, Does.Contain("size of tensor a (3) must match the size of tensor b (4)"));
        Assert.That(error.Message, Does.Not.Contain("frame #"));
        Assert.That(Values(ones(2) + 1), Is.EqualTo(new[] { 2f, 2 }), "calls after an error work");
    }
}
