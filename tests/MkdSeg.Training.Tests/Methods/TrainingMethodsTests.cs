using MkdSeg.Common;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training.Tests.Methods;

public class TrainingMethodsTests
{
    [Test]
    public void EveryMethodOfTheAssemblyIsListedOnceInOrder()
    {
        var classes = typeof(ITrainingMethod).Assembly.GetTypes()
            .Count(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ITrainingMethod))
                && type != typeof(LocatorMethod));
        var names = TrainingMethods.All.Select(method => method.Name).ToList();

        Assert.That(names, Is.Unique.And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(names, Has.Count.EqualTo(classes), "a class without the attribute, or one that is no method");
        Assert.That(names, Is.SupersetOf(
        [
            "baseline", "fine-tune", "joint-training", "x-shape", "jiang", "zhang", "zhang-ensemble", "ummkd", "mkd",
            "mkd-without-iam", "mkd-without-kd-to-real", "mkd-without-kd-to-syn", "joint-strong",
        ]));
    }

    [Test]
    public void EveryMethodSaysWhatItDoesAndWhereItComesFrom()
    {
        foreach (var method in TrainingMethods.All)
        {
            Assert.That(method.Summary, Does.EndWith(".").And.Not.Contain("\n"), method.Name);
            Assert.That(method.Reference, Does.Match(@"\b20\d\d\b"), method.Name);
        }
    }

    [Test]
    public void AnUnknownNameIsAnsweredWithTheNearestOneAndAll() => Assert.That(
        () => TrainingMethods.Find("joint_training"),
        Throws.TypeOf<UserErrorException>().With.Message.StartsWith(
            "There is no training method 'joint_training', did you mean joint-training; the methods are baseline, "));

    [Test]
    public void ANameIsRefusedBeforeAnythingIsRead() => Assert.That(
        (TinyTraining.Options with { Method = "mkt" }).Validate,
        Throws.TypeOf<UserErrorException>().With.Message.Contains("did you mean mkd;"));
}
