namespace MkdSeg.IO;

/// <summary>
/// Composes names as most systems write them: letter and accent in one character (NFC). macOS writes them separately (NFD).
/// .NET composes them only if ICU is available, and the command line runs without it. The table has Latin with accents
/// (including Vietnamese), Cyrillic, kana and Hangul.
/// </summary>
internal static class ComposedName
{
    // By combining mark: pairs of a composed letter and its base letter.
    private static readonly (char Mark, string Pairs)[] Accents =
    [
        ('\u0300', "ÀAÈEÌIÒOÙUàaèeìiòoùuǸNǹnẀWẁwỲYỳyẦÂầâỀÊềêỒÔồôẰĂằăỜƠờơỪƯừư"),
        ('\u0301', "ÁAÉEÍIÓOÚUÝYáaéeíióoúuýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźzẤÂấâẾÊếêỐÔốôẮĂắăỚƠớơỨƯứư"),
        ('\u0302', "ÂAÊEÎIÔOÛUâaêeîiôoûuĈCĉcĜGĝgĤHĥhĴJĵjŜSŝsŴWŵwŶYŷyẬẠậạỆẸệẹỘỌộọ"),
        ('\u0303', "ÃAÑNÕOãañnõoĨIĩiŨUũuẼEẽeỸYỹyẪÂẫâỄÊễêỖÔỗôẴĂẵăỠƠỡơỮƯữư"),
        ('\u0304', "ĀAāaĒEēeĪIīiŌOōoŪUūu"),
        ('\u0306', "ĂAăaĔEĕeĞGğgĬIĭiŎOŏoŬUŭuẶẠặạЙИйиЎУўу"),
        ('\u0307', "ĊCċcĖEėeĠGġgİIŻZżz"),
        ('\u0308', "ÄAËEÏIÖOÜUŸYäaëeïiöoüuÿyЁЕёеЇІїі"),
        ('\u0309', "ẢAảaẺEẻeỈIỉiỎOỏoỦUủuỶYỷyẨÂẩâỂÊểêỔÔổôẲĂẳăỞƠởơỬƯửư"),
        ('\u030A', "ÅAåaŮUůu"),
        ('\u030B', "ŐOőoŰUűu"),
        ('\u030C', "ČCčcĎDďdĚEěeĽLľlŇNňnŘRřrŠSšsŤTťtŽZžzǍAǎaǏIǐiǑOǒoǓUǔu"),
        ('\u031B', "ƠOơoƯUưu"),
        ('\u0323', "ẠAạaẸEẹeỊIịiỌOọoỤUụuỴYỵyỢƠợơỰƯựư"),
        ('\u0326', "ȘSșsȚTțt"),
        ('\u0327', "ÇCçcĢGģgĶKķkĻLļlŅNņnŖRŗrŞSşsŢTţt"),
        ('\u0328', "ĄAąaĘEęeĮIįiŲUųu"),
        ('\u3099', "がかぎきぐくげけごこざさじしずすぜせぞそだたぢちづつでてどとばはびひぶふべへぼほゔう"
            + "ガカギキグクゲケゴコザサジシズスゼセゾソダタヂチヅツデテドトバハビヒブフベヘボホヴウ"),
        ('\u309A', "ぱはぴひぷふぺへぽほパハピヒプフペヘポホ"),
    ];
    private static readonly Dictionary<(char Letter, char Mark), char> Composed = Accents
        .SelectMany(accent => accent.Pairs.Chunk(2).Select(pair => (Key: (pair[1], accent.Mark), Value: pair[0])))
        .ToDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>Returns the name with its accents composed.</summary>
    public static string Of(string name)
    {
        var composed = new List<char>(name.Length);
        foreach (var c in name)
        {
            if (composed.Count > 0 && Compose(composed[^1], c) is { } letter)
                composed[^1] = letter;
            else
                composed.Add(c);
        }

        return new([.. composed]);
    }

    private static char? Compose(char first, char second)
    {
        // Hangul syllables are numbered by lead, vowel and tail: 19 × 21 × 28 (Unicode 3.12).
        if (first is >= '\u1100' and <= '\u1112' && second is >= '\u1161' and <= '\u1175')
            return (char)('\uAC00' + ((((first - '\u1100') * 21) + (second - '\u1161')) * 28));
        if (first is >= '\uAC00' and <= '\uD7A3' && (first - '\uAC00') % 28 == 0 && second is > '\u11A7' and <= '\u11C2')
            return (char)(first + (second - '\u11A7'));
        return Composed.TryGetValue((first, second), out var letter) ? letter : null;
    }
}
