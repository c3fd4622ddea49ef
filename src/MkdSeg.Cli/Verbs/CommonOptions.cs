using System.CommandLine;

namespace MkdSeg.Cli.Verbs;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    /// <summary><c>--device</c></summary>
    public static Option<string> Device() => new("--device")
    {
        Description = "auto, cpu, or cuda.",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary><c>--threads</c></summary>
    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads of the engine; 0: one per core.",
        DefaultValueFactory = _ => 0,
    };
}
