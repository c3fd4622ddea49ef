
namespace MkdSeg.Datasets;

/// <summary>One structure to segment: its class index, its value in label files, its names.</summary>
public sealed record Structure
{
    /// <summary>The networks' index, 1 for the first structure; 0 is background.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>Short name as tables show it, such as MYO.</summary>
    public required string Name { get; init; }

    /// <summary>Full name, such as "myocardium of the left ventricle".</summary>
    public required string FullName { get; init; }

    /// <summary>The value that label files carry for it; never 0.</summary>
    public required ushort Value { get; init; }

    /// <summary>Further values that mean the same on reading; on writing <see cref="Value"/> is used.</summary>
    public IReadOnlyList<ushort> Aliases { get; init; } = [];

    /// <summary>Display colour, "#rrggbb".</summary>
    public required string Color { get; init; }

    /// <summary>Side of the body, "left" or "right", where the name has one.</summary>
    public string? Side { get; init; }

    /// <summary>A code of a terminology, such as "SCT:87878005" (SNOMED CT).</summary>
    public string? Terminology { get; init; }
}
