namespace MkdSeg.ML.Inference;

/// <summary>Where and how networks run.</summary>
public sealed record InferenceOptions
{
    /// <summary>The first working GPU, otherwise the CPU with one thread per core.</summary>
    public static InferenceOptions Default { get; } = new();

    /// <summary>
    /// "cpu"; "cuda" or "cuda:N" for the N-th NVIDIA GPU; "auto" for the first working GPU, or the CPU if there is none.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads on the CPU, each with its own slices; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Slices per batch; 0 chooses by device and size.</summary>
    public int BatchSize { get; init; }

    /// <summary>Actual number of threads for <see cref="Threads"/>.</summary>
    internal int WorkerCount => Threads > 0 ? Threads : Environment.ProcessorCount;
}

/// <summary>Mirror images of slices that a network segments in addition to the slices themselves.</summary>
[Flags]
public enum SliceFlips
{
    /// <summary>None: each slice passes through the network once.</summary>
    None = 0,

    /// <summary>Columns in reverse order: left and right exchanged in transverse slices.</summary>
    Horizontal = 1,

    /// <summary>Rows in reverse order: front and back exchanged in transverse slices.</summary>
    Vertical = 2,

    /// <summary>All four: the slice, both mirror images, and the slice turned by 180 degrees.</summary>
    Both = Horizontal | Vertical,
}
