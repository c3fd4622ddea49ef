using System.Diagnostics;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>The program in a folder where SimpleITK's native library is missing: NIfTI needs none of it.</summary>
public class WithoutSimpleItkTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Copy_the_program_without_the_library()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["program"]);
        foreach (var file in new DirectoryInfo(AppContext.BaseDirectory).GetFiles()
            .Where(file => file.Name != "libSimpleITKCSharpNative.so"))
        {
            file.CopyTo(_folder["program", file.Name]);
        }

        Directory.CreateSymbolicLink(
            _folder["program", "runtimes"], Path.Combine(AppContext.BaseDirectory, "runtimes"));
    }

    [OneTimeTearDown]
    public void Remove_the_program() => _folder.Dispose();

    [Test]
    public void Nifti_is_written_and_read()
    {
        var (exit, output) = Run("phantom", "--out", "made", "--ct-train", "0", "--mr-train", "0", "--ct-test", "1");
        Assert.That(exit, Is.Zero, output);
        Directory.CreateDirectory(_folder["labels"]);
        var label = Directory.GetFiles(_folder["made", "ct_test"], "*_label.nii.gz").Single();
        File.Copy(label, _folder["labels", "case.nii.gz"]);
        (exit, output) = Run("evaluate", "--truth", "labels", "--prediction", "labels", "--out", "table.md");
        Assert.That(exit, Is.Zero, output);
        Assert.That(File.ReadAllText(_folder["table.md"]), Does.Contain("1.000"));
    }

    [Test]
    public void A_format_that_needs_it_ends_in_one_sentence()
    {
        var compressed = Repository.File("tests/MkdSeg.Tests/IO/Dicom/Compressed/j2k.dcm");
        var (exit, output) = Run("picture", compressed, "--out", "picture.png");
        Assert.That(exit, Is.EqualTo(1), output);
        Assert.That(output.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(output, Does.Contain("SimpleITKCSharpNative").And.Contain("apt-get install"));
    }

    private (int Exit, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_folder["program", "MkdSeg.Cli.dll"], .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
