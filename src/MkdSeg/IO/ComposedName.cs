namespace MkdSeg.IO;

/// <summary>
/// Names as most systems write them: accents in one character with their letters. macOS writes them apart. .NET composes them
/// only where ICU is there, and this product runs without; the table has the letters of European languages.
/// </summary>
internal static class ComposedName
{
    private static readonly Dictionary<char, (string Letters, string Composed)> Marks = new()
    {
        ['\u0300'] = ("AEIOUaeiou", "ÀÈÌÒÙàèìòù"),
        ['\u0301'] = ("AEIOUYaeiouyCcNnSsZzLlRr", "ÁÉÍÓÚÝáéíóúýĆćŃńŚśŹźĹĺŔŕ"),
        ['\u0302'] = ("AEIOUaeiouCcGgHhJjSsWwYy", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"),
        ['\u0303'] = ("ANOanoIiUu", "ÃÑÕãñõĨĩŨũ"),
        ['\u0304'] = ("AaEeIiOoUu", "ĀāĒēĪīŌōŪū"),
        ['\u0306'] = ("AaGgUu", "ĂăĞğŬŭ"),
        ['\u0307'] = ("CcEeGgZzI", "ĊċĖėĠġŻżİ"),
        ['\u0308'] = ("AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"),
        ['\u030A'] = ("AaUu", "ÅåŮů"),
        ['\u030B'] = ("OoUu", "ŐőŰű"),
        ['\u030C'] = ("CcDdEeNnRrSsTtZz", "ČčĎďĚěŇňŘřŠšŤťŽž"),
        ['\u0327'] = ("CcSsTt", "ÇçŞşŢţ"),
        ['\u0328'] = ("AaEeIiUu", "ĄąĘęĮįŲų"),
    };

    /// <summary>The name with its accents composed.</summary>
    public static string Of(string name)
    {
        if (!name.Any(Marks.ContainsKey))
            return name;
        var composed = new List<char>(name.Length);
        foreach (var c in name)
        {
            if (composed.Count > 0 && Marks.TryGetValue(c, out var mark)
                && mark.Letters.IndexOf(composed[^1], StringComparison.Ordinal) is >= 0 and var at)
                composed[^1] = mark.Composed[at];
            else
                composed.Add(c);
        }

        return new([.. composed]);
    }
}
