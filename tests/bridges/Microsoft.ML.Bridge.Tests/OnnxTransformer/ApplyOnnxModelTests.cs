using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.Bridges.Tests.OnnxTransformer;

public class ApplyOnnxModelTests
{
    private readonly MLContext _ml = new(seed: 1);
    private string _modelFile = "";

    [SetUp]
    public void ChooseFile() =>
        _modelFile = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.onnx");

    [TearDown]
    public void RemoveFile() => File.Delete(_modelFile);

    [Test]
    public void AModelOfFixedShapeScoresEachRow()
    {
        File.WriteAllBytes(_modelFile, TinyOnnxModel.Unary("Relu", 1, 1, 2, 2));
        var data = Data([-1, 2, -3, 4], [5, -6, 7, -8]);
        using var model = _ml.Transforms.ApplyOnnxModel(["y"], ["x"], _modelFile).Fit(data);
        var scored = model.Transform(data);

        Assert.That(scored.Schema["y"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 1, 1, 2, 2)));
        Assert.That(scored.GetColumn<float[]>("y"),
            Is.EqualTo(new[] { new float[] { 0, 2, 0, 4 }, new float[] { 5, 0, 7, 0 } }));
    }

    [Test]
    public void AnOpenBatchDimensionCountsAsOne()
    {
        File.WriteAllBytes(_modelFile, TinyOnnxModel.Unary("Relu", -1, 4));
        var data = Data([-1, 2, -3, 4]);
        using var model = _ml.Transforms.ApplyOnnxModel(_modelFile).Fit(data);
        Assert.That(model.Transform(data).Schema["y"].Type,
            Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 1, 4)));
        Assert.That(model.Transform(data).GetColumn<float[]>("y").Single(), Is.EqualTo(new float[] { 0, 2, 0, 4 }));
    }

    [Test]
    public void AShapeDictionaryFixesOpenDimensions()
    {
        File.WriteAllBytes(_modelFile, TinyOnnxModel.Unary("Relu", -1, 1, -1, -1));
        var data = Data([-1, 2, -3, 4]);
        var shapes = new Dictionary<string, int[]> { ["x"] = [1, 1, 2, 2], ["y"] = [1, 1, 2, 2] };
        using var model = _ml.Transforms.ApplyOnnxModel("y", "x", _modelFile, shapes).Fit(data);
        Assert.That(model.Transform(data).GetColumn<float[]>("y").Single(), Is.EqualTo(new float[] { 0, 2, 0, 4 }));
    }

    [Test]
    public void TwoFurtherOpenDimensionsAreRefused()
    {
        File.WriteAllBytes(_modelFile, TinyOnnxModel.Unary("Relu", -1, 1, -1, -1));
        Assert.That(() => Score(Data([-1, 2, -3, 4])), Throws.Exception);
    }

    [Test]
    public void ALengthThatDoesNotFitIsRefused()
    {
        File.WriteAllBytes(_modelFile, TinyOnnxModel.Unary("Relu", 1, 3));
        Assert.That(() => Score(Data([-1, 2, -3, 4])), Throws.Exception.With.Message.Contains("1,3"));
    }

    [Test]
    public void TheSavedModelCarriesTheNetwork()
    {
        File.WriteAllBytes(_modelFile, TinyOnnxModel.Unary("Neg", 1, 4));
        var data = Data([-1, 2, -3, 4]);
        using var stream = new MemoryStream();
        using (var model = _ml.Transforms.ApplyOnnxModel("y", "x", _modelFile).Fit(data))
            _ml.Model.Save(model, data.Schema, stream);
        File.Delete(_modelFile);
        stream.Position = 0;

        var loaded = new MLContext().Model.Load(stream, out _);
        Assert.That(loaded.Transform(data).GetColumn<float[]>("y").Single(), Is.EqualTo(new float[] { 1, -2, 3, -4 }));
        (loaded as IDisposable)?.Dispose();
    }

    private float[][] Score(IDataView data)
    {
        using var model = _ml.Transforms.ApplyOnnxModel("y", "x", _modelFile).Fit(data);
        return model.Transform(data).GetColumn<float[]>("y").ToArray();
    }

    private IDataView Data(params float[][] rows) =>
        _ml.Data.LoadFromEnumerable(rows.Select(values => new Image { Values = values }).ToArray());

    private sealed class Image
    {
        [ColumnName("x")]
        [VectorType(4)]
        public float[] Values { get; set; } = [];
    }
}
