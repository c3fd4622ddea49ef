using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MkdSeg.Training.Logging;

/// <summary>
/// Logs a training run for TensorBoard: losses and learning rates, Dice, and images of the first assistant and target slice
/// of a batch: x^a, x^{a→t}, x^t, and the classes that the last segmentor finds in x^t.
/// </summary>
internal sealed class EventLog
{
    public const string FolderName = "events";

    private readonly SummaryWriter _writer;
    private readonly ITrainingMethod _method;
    private readonly byte[][] _palette;
    private readonly bool _middleOnly;

    public EventLog(string folder, ITrainingMethod method, TrainingSource source)
    {
        _writer = utils.tensorboard.SummaryWriter(folder);
        _method = method;
        _middleOnly = !source.TakesPhotographs;
        _palette =
        [
            [0, 0, 0],
            .. source.Labels.Structures.Select(structure => Convert.FromHexString(structure.Color.AsSpan(1))),
        ];
    }

    public void Write(long iteration, LearningRates rates, IEnumerable<LossValue> losses)
    {
        var step = (int)iteration;
        foreach (var loss in losses)
            _writer.add_scalar($"loss/{loss.Name}", loss.Value, step);
        _writer.add_scalar("learning rate/segmentor", (float)rates.Segmentor, step);
        _writer.add_scalar("learning rate/adversarial", (float)rates.Adversarial, step);
    }

    public void Write(long iteration, IEnumerable<ValidationScore> scores, IReadOnlyList<string> structures)
    {
        foreach (var score in scores)
        {
            _writer.add_scalar($"Dice {score.Prediction}/mean", (float)score.Mean, (int)iteration);
            for (var i = 0; i < structures.Count; i++)
                _writer.add_scalar($"Dice {score.Prediction}/{structures[i]}", (float)score.Dice[i], (int)iteration);
        }
    }

    /// <summary>Logs slices as the networks currently see them.</summary>
    public void WriteImages(long iteration, Tensor x_t, Tensor? x_a)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var step = (int)iteration;
        var target = x_t.narrow(0, 0, 1);
        AddImage("x_t", target, step);
        if (x_a is not null)
        {
            var assistant = x_a.narrow(0, 0, 1);
            AddImage("x_a", assistant, step);
            if (Network(NetworkRoles.GeneratorToTarget) is { } generator)
                AddImage("x_at", generator.ForwardWithoutGradient(assistant), step);
        }

        if (_method.Networks.LastOrDefault(network =>
            NetworkRoles.IsSegmentor(network.Role) && !network.ServesTrainingAlone) is { } segmentor)
        {
            AddClasses($"{segmentor.Role}(x_t)", segmentor.PredictWithoutGradient(target).P, step);
        }
    }

    private TrainedNetwork? Network(string role) => _method.Networks.FirstOrDefault(network => network.Role == role);

    // Of a slice with neighbours, adds only the labelled one.
    private void AddImage(string tag, Tensor x, int step)
    {
        var image = _middleOnly ? x[0].narrow(0, x.shape[1] / 2, 1) : x[0];
        _writer.add_img(tag, image.add(1).mul(0.5).cpu(), step);
    }

    private void AddClasses(string tag, Tensor p, int step)
    {
        var classes = p.argmax(1).to_type(ScalarType.Byte).cpu().contiguous();
        var (height, width) = (classes.shape[1], classes.shape[2]);
        var colors = classes.data<byte>().ToArray().SelectMany(index => _palette[index]).ToArray();
        _writer.add_img(tag, tensor(colors, [height, width, 3]), step, dataformats: "HWC");
    }
}
