namespace MkdSeg.Docs.Tests;

/// <summary>The first commands of docs/training.md, typed in an empty folder.</summary>
public class FirstCommandsTests
{
    [Test]
    [CancelAfter(15 * 60 * 1000)]
    public void The_first_block_of_training_makes_data_and_trains_on_it()
    {
        using var folder = new TemporaryFolder();
        var commands = File.ReadLines(Repository.File("docs/training.md"))
            .SkipWhile(line => !line.StartsWith("    ./mkdseg ", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith("    ./mkdseg ", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])
            .Where(words => !words.Contains("…"))
            .ToList();
        Assert.That(commands.Select(words => words[0]), Does.Contain("train"));
        foreach (var words in commands)
        {
            // As printed, but for the length of a training.
            string[] few = words[0] == "train" && !words.Contains("--resume") ? ["--iterations", "2"] : [];
            Mkdseg.Run(folder.Path, [.. words, .. few]);
        }

        Assert.That(folder["runs", "mkd", "bundle", "model.json"], Does.Exist);
    }
}
