using System.Diagnostics;
using Microsoft.ML;

namespace MkdSeg.ML.Tests.Fixtures;

/// <summary>Loads saved models in a process of its own and says what they make of data.</summary>
internal static class FreshProcess
{
    /// <summary>Columns of the data that the models are given: what <see cref="TestRow.Create()"/> makes.</summary>
    private const string Rows = "rows";

    /// <summary>
    /// The program: "rows" or the path of a volume's file, a column, and models' files; prints a line per row.
    /// </summary>
    public static int Main(string[] arguments)
    {
        var context = new MLContext();
        foreach (var file in arguments[2..])
        {
            var model = context.Model.Load(file, out _);
            var data = arguments[0] == Rows
                ? context.Data.LoadFromEnumerable(TestRow.Create())
                : context.Data.LoadFromEnumerable(new[] { new PathRow { Path = arguments[0] } });
            foreach (var digest in Digest.Column(model.Transform(data), arguments[1]))
                Console.WriteLine($"{Path.GetFileNameWithoutExtension(file)}\t{digest}");
        }

        return 0;
    }

    /// <summary>What saved models make of the test rows: file name without ending → digest per row.</summary>
    public static ILookup<string, string> ScoreRows(string column, params IEnumerable<string> models) =>
        Start([Rows, column, .. models]);

    /// <summary>What a saved model makes of a volume's file.</summary>
    public static string ScoreFile(string path, string column, string model) =>
        Start([path, column, model]).Single().Single();

    private static ILookup<string, string> Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && IsDotnet(path) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments.Prepend(typeof(FreshProcess).Assembly.Location).Prepend("exec"))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return lines.Select(line => line.Split('\t')).ToLookup(parts => parts[0], parts => parts[1]);
    }

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }
}
