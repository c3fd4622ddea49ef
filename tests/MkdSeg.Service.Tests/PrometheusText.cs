using System.Globalization;
using System.Text.RegularExpressions;

namespace MkdSeg.Service.Tests;

/// <summary>
/// A strict reader of Prometheus' text form, version 0.0.4: every line has to be a HELP, a TYPE or a sample in that order, all
/// samples of a family lie together, no series comes twice, and histograms add up.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
/// </summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    /// <summary>The kind of each family, such as "counter".</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>The value of a series as the text writes it: <c>name{label="value"}</c>.</summary>
    public double this[string series] => _samples[series];

    public IEnumerable<string> Series => _samples.Keys;

    public static PrometheusText Parse(string text)
    {
        Assert.That(text, Does.EndWith("\n"));
        var result = new PrometheusText();
        string? helped = null, family = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (HelpLine().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                family = type.Groups["name"].Value;
                Assert.That(family, Is.EqualTo(helped), "HELP comes before TYPE");
                Assert.That(result.Types.TryAdd(family, type.Groups["type"].Value), Is.True, $"{family} comes twice");
            }
            else
            {
                result.AddSample(line, family);
            }
        }

        result.CheckHistograms();
        return result;
    }

    private void AddSample(string line, string? family)
    {
        var sample = SampleLine().Match(line);
        Assert.That(sample.Success, Is.True, $"'{line}' is no line of the text form");
        var name = sample.Groups["name"].Value;
        string[] endings = Types[family!] == "histogram" ? ["_bucket", "_sum", "_count"] : [""];
        Assert.That(endings.Select(ending => family + ending), Does.Contain(name), "samples lie with their TYPE");
        if (Types[family!] == "counter")
            Assert.That(name, Does.EndWith("_total"));
        var number = sample.Groups["value"].Value.Replace("Inf", "∞", StringComparison.Ordinal);
        var value = double.Parse(number, CultureInfo.InvariantCulture);
        Assert.That(_samples.TryAdd(name + sample.Groups["labels"].Value, value), Is.True, $"'{line}' comes twice");
    }

    private void CheckHistograms()
    {
        foreach (var (family, _) in Types.Where(type => type.Value == "histogram"))
        {
            var buckets = _samples.Where(sample => sample.Key.StartsWith(family + "_bucket{", StringComparison.Ordinal))
                .GroupBy(sample => BoundLabel().Replace(sample.Key, "").Replace("{}", "", StringComparison.Ordinal)).ToArray();
            foreach (var series in buckets)
            {
                Assert.That(series.Select(bucket => bucket.Value), Is.Ordered, "buckets hold what those before hold");
                Assert.That(series.Last().Key, Does.Contain("le=\"+Inf\""));
                var count = series.Key.Replace("_bucket", "_count", StringComparison.Ordinal);
                Assert.That(series.Last().Value, Is.EqualTo(_samples[count]));
            }
        }
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        @"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
        + @"(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\n""])*"""
        + @"(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\n""])*"")*\})?"
        + @" (?<value>[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN)$")]
    private static partial Regex SampleLine();

    [GeneratedRegex(@",?le=""[^""]*""")]
    private static partial Regex BoundLabel();
}
