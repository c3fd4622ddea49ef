using System.CommandLine;
using System.Globalization;
using MkdSeg.ML.Scoring;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg merge-results</c>: joins the results of the parts of a folder.</summary>
internal static class MergeResultsCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var output = new Argument<string>("out") { Description = "The output folder into which all parts were scored." };
        var command = new Command(
            "merge-results",
            "Joins the results of the parts that score --shard wrote into results.csv and results.json.\n"
            + "Exit code as that of score for all parts together.\n\n"
            + "Example: mkdseg merge-results masks")
        {
            output,
        };
        command.SetAction(parsed =>
        {
            var summary = ResultsMerger.Merge(parsed.GetValue(output)!);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.WrittenCount} volumes labelled, {summary.DoubtfulCount} of them doubtful, {summary.FailedCount} failed; all in {summary.ResultsFile}"));
            return summary.ExitCode;
        });
        return command;
    }
}
