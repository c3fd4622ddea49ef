using MkdSeg.Common;
using MkdSeg.TestKit;
using NUnit.Framework;

namespace MkdSeg.Tests.Common;

public class AtomicFileTests
{
    [Test]
    public void AWriterThatFailsLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "sub", "table.csv");
        AtomicFile.WriteText(path, "old");

        Assert.That(
            () => AtomicFile.Write(path, temporary =>
            {
                File.WriteAllText(temporary, "half");
                throw new IOException("disk full");
            }),
            Throws.TypeOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void TheTemporaryNameEndsLikeTheFiles()
    {
        using var folder = new TemporaryFolder();
        var given = "";
        AtomicFile.Write(Path.Combine(folder.Path, "mask.nii.gz"), temporary =>
        {
            given = temporary;
            File.WriteAllText(temporary, "");
        });

        Assert.That(given, Does.EndWith("mask.nii.gz").And.StartsWith(folder.Path));
    }
}
