// Runs the NUnit suites and adds up their counts.

using System.Xml.Linq;

void RunTests(string configuration, string filter, string project = "MkdSeg.sln")
{
    var folder = MakeAbsolute(Directory("TestResults"));
    CleanDirectory(folder);
    var exit = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = new ProcessArgumentBuilder()
            .Append("test").AppendQuoted(project)
            .AppendSwitch("--configuration", configuration)
            .Append("--no-build").Append("--nologo")
            .AppendSwitch("--logger", "trx")
            .AppendSwitchQuoted("--results-directory", folder.FullPath)
            .Append(filter == string.Empty ? "" : $"--filter \"{filter}\""),

        // One thread per engine: on a busy machine, two OpenMP threads can wait for each other for a long time.
        EnvironmentVariables = EngineEnvironment(threads: 1),
    });

    XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    var counters = GetFiles($"{folder}/**/*.trx")
        .SelectMany(file => XDocument.Load(file.FullPath).Descendants(trx + "Counters"))
        .ToList();
    int Sum(string name) => counters.Sum(counter => (int)counter.Attribute(name));
    var (passed, failed) = (Sum("passed"), Sum("failed") + Sum("error") + Sum("timeout") + Sum("aborted"));
    foreach (var skipped in GetFiles($"{folder}/**/*.trx")
        .SelectMany(file => XDocument.Load(file.FullPath).Descendants(trx + "UnitTestResult"))
        .Where(result => (string)result.Attribute("outcome") == "NotExecuted")
        .GroupBy(result => result.Descendants(trx + "Message").FirstOrDefault()?.Value.Trim() ?? "no reason given"))
    {
        Info("Skipped: {0} ({1})", skipped.Key, string.Join(", ", skipped.Select(result => (string)result.Attribute("testName")).Take(3)));
    }

    Info("{0} passed, {1} failed, {2} skipped", passed, failed, Sum("total") - passed - failed);
    if (exit != 0 || failed > 0 || passed == 0)
    {
        throw new CakeException(passed == 0 && failed == 0 ? "No tests ran." : "Tests failed; the messages are above.");
    }
}
