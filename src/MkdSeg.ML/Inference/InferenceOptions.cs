namespace MkdSeg.ML.Inference;

/// <summary>Where and how networks run.</summary>
public sealed record InferenceOptions
{
    /// <summary>The first GPU that works, else the CPU with one thread per core.</summary>
    public static InferenceOptions Default { get; } = new();

    /// <summary>
    /// "cpu"; "cuda" or "cuda:N" for the N-th NVIDIA GPU; "auto" for the first GPU where there is one that works and the
    /// CPU otherwise.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads on the CPU, each of which takes slices of its own; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Slices that pass the network at once; 0 chooses by device and size.</summary>
    public int BatchSize { get; init; }

    /// <summary>Number of threads that <see cref="Threads"/> stands for.</summary>
    internal int WorkerCount => Threads > 0 ? Threads : Environment.ProcessorCount;
}

/// <summary>Mirror images of slices that a network segments besides the slices themselves.</summary>
[Flags]
public enum SliceFlips
{
    /// <summary>None: each slice passes the network once.</summary>
    None = 0,

    /// <summary>Columns in reverse order: left and right exchanged in transverse slices.</summary>
    Horizontal = 1,

    /// <summary>Rows in reverse order: front and back exchanged in transverse slices.</summary>
    Vertical = 2,

    /// <summary>All four: the slice, both mirror images, and the slice turned by 180 degrees.</summary>
    Both = Horizontal | Vertical,
}
