using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>Engines are kept from telling their makers what they run.</summary>
public class PrivacyTests
{
    /// <summary>
    /// ONNX Runtime since 1.29 keeps an identifier of the machine and a store of events to be sent in the user's cache; with its
    /// telemetry off there is neither. Under continuous integration it is off by itself, so what says so is taken away.
    /// </summary>
    [Test]
    public void Scoring_leaves_nothing_of_telemetry_behind()
    {
        using var folder = new TemporaryFolder();
        CommandLine.RunWell("phantom", "--out", folder["data"], "--ct-train", "0", "--mr-train", "0", "--ct-test", "1");
        var home = Directory.CreateDirectory(folder["home"]).FullName;
        string[] unset =
        [
            "CI", "TF_BUILD", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
        ];
        var environment = unset.ToDictionary(name => name, _ => (string?)null);
        environment["HOME"] = home;

        var (exit, _, error) = CommandLine.RunIn(
            environment,
            "score", folder["data", "ct_test"], "--model", Repository.File("onnx/phantom-ct"), "--out", folder["masks"]);

        Assert.That(exit, Is.Zero, error);
        Assert.That(error, Is.Empty);
        Assert.That(
            Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories)
                .Where(path => path.Contains("onnx", StringComparison.OrdinalIgnoreCase)
                    || path.Contains("microsoft", StringComparison.OrdinalIgnoreCase)),
            Is.Empty);
    }
}
