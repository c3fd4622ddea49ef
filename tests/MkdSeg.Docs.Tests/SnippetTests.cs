using MkdSeg.Datasets;
using MkdSeg.Phantom;

namespace MkdSeg.Docs.Tests;

/// <summary>Every block of C# in the README and the docs is compiled and run as it is printed.</summary>
[NonParallelizable]
public class SnippetTests
{
    // What the pages' programs are started with: a bundle, CT volumes, a folder for masks, a file for the saved pipeline.
    private static readonly string[] Arguments = ["onnx/phantom-ct", "ct_folder", "masks_of_program", "saved.zip"];
    private string _before = "";
    private TemporaryFolder _folder = null!;

    private static Snippet ReadmeProgram => Snippet.All().First(snippet => snippet.Page == "README.md");

    private static IEnumerable<TestCaseData> Complete => Cases(snippet => snippet.IsComplete && snippet != ReadmeProgram);

    private static IEnumerable<TestCaseData> Excerpts => Cases(snippet => !snippet.IsComplete);

    [OneTimeSetUp]
    public void Make_what_the_pages_speak_of()
    {
        _folder = new TemporaryFolder();
        var manifest = PhantomDataset.Write(_folder["data"], new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = 1 });
        var entry = manifest.Cases.Single();
        foreach (var name in new[] { "ct_folder", "annotations" })
            Directory.CreateDirectory(_folder[name]);
        File.Copy(manifest.ImagePath(entry), _folder["ct_folder", "case.nii.gz"]);
        File.Copy(manifest.LabelPath(entry)!, _folder["annotations", "case.nii.gz"]);
        Directory.CreateSymbolicLink(_folder["onnx"], Repository.File("onnx"));
        _before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder.Path;
        // The README's masks are those of its command.
        Mkdseg.Run(_folder.Path, "score", "ct_folder", "--model", "onnx/phantom-ct", "--out", "masks");
    }

    [OneTimeTearDown]
    public void Remove_all()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }

    [TestCaseSource(nameof(Complete))]
    public void A_program_runs_as_printed(object snippet) => ((Snippet)snippet).Run(Arguments);

    [Test]
    public void The_readme_measures_the_left_ventricle() =>
        Assert.That(ReadmeProgram.Run(), Does.Match(@"^left ventricle: \d+ mL"));

    [TestCaseSource(nameof(Excerpts))]
    public void An_excerpt_stands_in_a_sample_that_is_run(object snippet)
    {
        var printed = Lines(((Snippet)snippet).Code);
        var samples = Directory.GetFiles(Repository.File("samples"), "*.cs", SearchOption.AllDirectories);
        Assert.That(
            samples.Any(path => Lines(File.ReadAllText(path)).Contains(printed, StringComparison.Ordinal)),
            Is.True,
            () => $"{snippet} prints no usings, so it has to stand in a file of samples/ word for word.");
    }

    [Test]
    public void Pages_have_snippets() => Assert.That(Snippet.All().Count(snippet => snippet.IsComplete), Is.GreaterThanOrEqualTo(3));

    private static IEnumerable<TestCaseData> Cases(Func<Snippet, bool> which) =>
        Snippet.All().Where(which).Select(snippet => new TestCaseData(snippet).SetArgDisplayNames(snippet.ToString()));

    // Pages and samples indent differently.
    private static string Lines(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)) + "\n";
}
