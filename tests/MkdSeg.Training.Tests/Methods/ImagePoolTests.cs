using MkdSeg.Common;
using MkdSeg.Training.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Methods;

public class ImagePoolTests
{
    [Test]
    public void Passes_images_on_until_it_is_full()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(4, new SeededRandom(1));

        Assert.That(Exchange(pool, 1, 2), Is.EqualTo([1f, 2f]));
        Assert.That(Exchange(pool, 3, 4), Is.EqualTo([3f, 4f]));
        Assert.That(pool.Count, Is.EqualTo(4));
    }

    [Test]
    public void Exchanges_about_half_of_the_images_once_it_is_full_and_loses_none()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(5, new SeededRandom(2));
        for (var i = 0; i < 5; i++)
        {
            Exchange(pool, i);
        }

        var exchanged = 0;
        var seen = new HashSet<float>();
        for (var i = 5; i < 405; i++)
        {
            var passedOn = Exchange(pool, i)[0];
            Assert.That(seen.Add(passedOn), $"image {passedOn} came out twice");
            exchanged += passedOn == i ? 0 : 1;
        }

        Assert.That(exchanged, Is.InRange(160, 240));
        Assert.That(pool.Count, Is.EqualTo(5));
    }

    [Test]
    public void Keeps_its_images_when_the_ones_it_was_given_are_disposed_of_or_changed()
    {
        using var pool = new ImagePool(1, new SeededRandom(3));
        using (NewDisposeScope())
        {
            var image = full([1, 1, 1, 1], 7f);
            pool.Exchange(image);
            image.fill_(8f);
        }

        using var scope = NewDisposeScope();
        var first = Enumerable.Range(0, 50).Select(_ => Exchange(pool, 9)[0]).First(value => value != 9);
        Assert.That(first, Is.EqualTo(7f));
    }

    [Test]
    public void Gives_no_gradient_back()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(1, new SeededRandom(4));
        var image = full([1, 1, 1, 1], 1f);
        image.requires_grad = true;

        Assert.That(pool.Exchange(image.mul(image)).requires_grad, Is.False);
    }

    [Test]
    public void Without_capacity_passes_everything()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(0, new SeededRandom(5));

        Assert.That(Exchange(pool, 1, 2, 3), Is.EqualTo([1f, 2f, 3f]));
    }

    private static float[] Exchange(ImagePool pool, params float[] images)
    {
        using var scope = NewDisposeScope();
        return pool.Exchange(tensor(images, [images.Length, 1, 1, 1])).cpu().data<float>().ToArray();
    }

    private static Tensor full(long[] shape, float value) => ones(shape).mul((Scalar)value);
}
