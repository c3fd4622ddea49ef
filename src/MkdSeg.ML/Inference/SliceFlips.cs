namespace MkdSeg.ML.Inference;

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
