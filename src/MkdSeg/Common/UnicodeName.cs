using System.Text;

namespace MkdSeg.Common;

/// <summary>
/// Names that look alike are alike: macOS writes "ü" as "u" and a combining mark (NFD), other systems as one character
/// (NFC).
/// </summary>
/// <remarks>
/// <see cref="string.Normalize()"/> would do, but it returns its input in programs that run without ICU
/// (InvariantGlobalization), as the command line does. Known here: Latin with accents, Vietnamese included, Cyrillic, kana
/// and Hangul.
/// </remarks>
internal static class UnicodeName
{
    // By combining mark: pairs of a composed letter and what is left of it without the mark.
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

    private static readonly Dictionary<char, (char Base, char Mark)> Parts = Accents
        .SelectMany(accent => accent.Pairs.Chunk(2).Select(pair => (Composed: pair[0], Base: pair[1], accent.Mark)))
        .ToDictionary(entry => entry.Composed, entry => (entry.Base, entry.Mark));

    /// <summary>The decomposed form, equal for names that differ in nothing but normalisation.</summary>
    public static string Decompose(string name)
    {
        if (Ascii.IsValid(name))
            return name;
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
            Append(text, letter);
        return text.ToString();
    }

    private static void Append(StringBuilder text, char letter)
    {
        // Hangul syllables are numbered: 19 × 21 × 28 of lead, vowel and tail (Unicode 3.12).
        if (letter is >= '\uAC00' and <= '\uD7A3')
        {
            var index = letter - '\uAC00';
            text.Append((char)('\u1100' + (index / 588))).Append((char)('\u1161' + (index % 588 / 28)));
            if (index % 28 != 0)
                text.Append((char)('\u11A7' + (index % 28)));
        }
        else if (Parts.TryGetValue(letter, out var parts))
        {
            Append(text, parts.Base);
            text.Append(parts.Mark);
        }
        else
        {
            text.Append(letter);
        }
    }
}
