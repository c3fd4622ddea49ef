using System.ComponentModel;

namespace MkdSeg.Datasets;

/// <summary>One thing to be segmented: how networks number it, how files number it, how people call it.</summary>
public sealed record Structure
{
    /// <summary>The networks' index, 1 for the first structure; 0 is background.</summary>
    [Description("The networks' class index: 1 for the first structure, without gaps; 0 is background.")]
    public required int ClassIndex { get; init; }

    /// <summary>Short name as tables show it, such as MYO.</summary>
    [Description("Short name, as tables show it.")]
    public required string Name { get; init; }

    /// <summary>Full name, such as "myocardium of the left ventricle".</summary>
    [Description("Full name.")]
    public required string FullName { get; init; }

    /// <summary>The value that label files carry for it; never 0.</summary>
    [Description("The value in label files; 0 is background.")]
    public required ushort Value { get; init; }

    /// <summary>Further values that mean the same on reading; on writing <see cref="Value"/> is used.</summary>
    [Description("Further values that mean the same when a label file is read.")]
    public IReadOnlyList<ushort> Aliases { get; init; } = [];

    /// <summary>Display colour, "#rrggbb".</summary>
    [Description("Display colour, #rrggbb.")]
    public required string Color { get; init; }

    /// <summary>Side of the body, "left" or "right", where the name has one.</summary>
    [Description("Side of the body: left or right; absent where there is none.")]
    public string? Side { get; init; }

    /// <summary>A code of a terminology, such as "SCT:87878005" (SNOMED CT).</summary>
    [Description("Code in a terminology, such as SCT:87878005 (SNOMED CT).")]
    public string? Terminology { get; init; }
}
