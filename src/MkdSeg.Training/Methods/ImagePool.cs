using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// The pool of generated images that a discriminator learns from (Shrivastava et al. 2017, as in Zhu et al. 2017). Until it
/// is full, an image is stored and passed on; afterwards, with probability ½, the image is swapped with a stored one.
/// </summary>
internal sealed class ImagePool : ICheckpointed, IDisposable
{
    private readonly int _capacity;
    private readonly SeededRandom _random;
    private readonly List<Tensor> _images = [];

    public ImagePool(int capacity, SeededRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _capacity = capacity;
        _random = random;
    }

    public int Count => _images.Count;

    /// <summary>Exchanges a batch of generated images, (N, C, H, W), for one from the pool, without gradients.</summary>
    public Tensor Exchange(Tensor generated)
    {
        using var scope = NewDisposeScope();
        var batch = generated.detach();
        if (_capacity == 0)
            return batch.MoveToOuterDisposeScope();

        var passedOn = new Tensor[batch.shape[0]];
        for (var n = 0; n < passedOn.Length; n++)
        {
            var image = batch.narrow(0, n, 1);
            if (_images.Count < _capacity)
            {
                _images.Add(image.clone().DetachFromDisposeScope());
                passedOn[n] = image;
            }
            else if (_random.NextDouble() < 0.5)
            {
                var stored = _images[_random.NextInt(_capacity)];
                passedOn[n] = stored.clone();
                stored.copy_(image);
            }
            else
            {
                passedOn[n] = image;
            }
        }

        return cat(passedOn).MoveToOuterDisposeScope();
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("random", _random.State);
        writer.Write("shapes", _images.Select(image => image.shape));
        for (var i = 0; i < _images.Count; i++)
            writer.Write($"image{i}", _images[i]);
    }

    public void Load(CheckpointReader reader)
    {
        Dispose();
        _random.State = reader.Read<RandomState>("random");
        var shapes = reader.Read<long[][]>("shapes");
        for (var i = 0; i < shapes.Length; i++)
        {
            _images.Add(zeros(shapes[i], device: reader.Device).DetachFromDisposeScope());
            reader.Read($"image{i}", _images[i]);
        }
    }

    public void Dispose()
    {
        foreach (var image in _images)
            image.Dispose();

        _images.Clear();
    }
}
