using MkdSeg.Common;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training.Tests.Methods;

public class TrainingMethodsTests
{
    [Test]
    public void Every_method_of_the_assembly_is_listed_once_in_order()
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
    public void Every_method_says_what_it_does_and_where_it_comes_from()
    {
        foreach (var method in TrainingMethods.All)
        {
            Assert.That(method.Summary, Does.EndWith(".").And.Not.Contain("\n"), method.Name);
            Assert.That(method.Reference, Does.Match(@"\b20\d\d\b"), method.Name);
        }
    }

    [Test]
    public void An_unknown_name_is_answered_with_the_nearest_one_and_all() => Assert.That(
        () => TrainingMethods.Find("joint_training"),
        Throws.TypeOf<UserErrorException>().With.Message.StartsWith(
            "There is no training method 'joint_training' (did you mean joint-training?); the methods are baseline, "));

    [Test]
    public void A_name_is_refused_before_anything_is_read() => Assert.That(
        (TinyTraining.Options with { Method = "mkt" }).Validate,
        Throws.TypeOf<UserErrorException>().With.Message.Contains("did you mean mkd?"));
}
