using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bridges.Tests.Data;

namespace MkdSeg.Bridges.Tests.Transforms;

public class ExpressionTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestCase("x : \"text = +/\"", new[] { "Id" })]
    [TestCase("(x) : \"text = +/\"", new[] { "Weight" })]
    [TestCase(" ( x , y ) : \"text = +/\" ", new[] { "Id", "Weight" })]
    public void ATextConstantFillsItsColumn(string expression, string[] inputs)
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(2));
        var filled = _ml.Transforms.Expression("Constant", expression, inputs).Fit(data).Transform(data);
        Assert.That(filled.GetColumn<string>("Constant"), Is.EqualTo(new[] { "text = +/", "text = +/" }));
    }

    [Test]
    public void AMissingInputIsNamed()
    {
        var data = _ml.Data.LoadFromEnumerable(Case.Some(1));
        Assert.That(() => _ml.Transforms.Expression("Constant", "x : \"a\"", "Nowhere").Fit(data),
            Throws.Exception.With.Message.Contains("Nowhere"));
    }
}
