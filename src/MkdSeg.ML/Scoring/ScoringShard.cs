using System.Globalization;
using MkdSeg.Common;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Every n-th case, by the order of the cases, so that several processes or machines share a folder; the parts of one
/// number n are disjoint and together all.
/// </summary>
public sealed record ScoringShard
{
    private const string Prefix = "part-";

    /// <summary>The part <paramref name="index"/> of <paramref name="count"/>, counted from 1.</summary>
    /// <exception cref="UserErrorException">There is no such part.</exception>
    public ScoringShard(int index, int count)
    {
        if (count < 1 || index < 1 || index > count)
            throw new UserErrorException($"There is no part {index} of {count}; parts are 1/{count} to {count}/{count}.");
        (Index, Count) = (index, count);
    }

    /// <summary>The part's place, from 1.</summary>
    public int Index { get; }

    /// <summary>Number of parts.</summary>
    public int Count { get; }

    /// <summary>How files name the part: "part-2-of-8".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Index}-of-{Count}");

    /// <summary>Whether the case at a place, from 0, belongs to the part.</summary>
    internal bool Has(int place) => place % Count == Index - 1;

    /// <summary>The part that a name such as "part-2-of-8" means; null where it means none.</summary>
    internal static ScoringShard? Parse(string name)
    {
        var numbers = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..].Split("-of-") : [];
        return numbers is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index >= 1 && index <= count
                ? new(index, count)
                : null;
    }
}
