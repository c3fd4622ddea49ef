using System.Buffers.Binary;
using System.Text;

namespace MkdSeg.Training.Torch;

/// <summary>
/// Makes an ELF library that was linked against GCC 13's libstdc++ loadable with an older one. Such a library needs one
/// symbol of GLIBCXX_3.4.32, <c>std::ios_base_library_init()</c>, which initialises iostreams. Older versions do the same in
/// the constructor <c>std::ios_base::Init::Init()</c> of GLIBCXX_3.4, which does not use <c>this</c>. Two edits suffice: the
/// symbol's name in <c>.dynstr</c>, and the entry of <c>.gnu.version_r</c> that requires the version.
/// </summary>
internal static class OldLibstdcxx
{
    /// <summary><c>std::ios_base_library_init()</c>, in its mangled form.</summary>
    public const string WantedSymbol = "_ZSt21ios_base_library_initv";

    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string WantedVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed

    public static byte[] Edit(ReadOnlySpan<byte> library, string path)
    {
        try
        {
            return Edit(library.ToArray())
                ?? throw Unknown(path, null);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw Unknown(path, error);
        }
    }

    private static UserErrorException Unknown(string path, Exception? error) => new(
        $"'{path}' needs the libstdc++ of GCC 13 or later, which this system lacks, and is not the library of TorchSharp "
        + "0.107.0, for which there is a workaround; train on Debian 13, Ubuntu 24.04 or later, or with that version.",
        error!);

    private static byte[]? Edit(byte[] file)
    {
        if (file.Length < 64 || !file.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            return null;

        var sections = ReadSections(file);
        if (sections.FirstOrDefault(section => section.Type == VersionNeeds) is not { Type: VersionNeeds } needs)
            return null;
        var strings = sections[(int)needs.Link];

        var symbol = Find(file, strings, WantedSymbol);
        var oldVersion = Find(file, strings, OldVersion);
        if (symbol < 0 || oldVersion < 0)
            return null;

        var name = file.AsSpan(symbol, WantedSymbol.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(OldSymbol, name);
        return RedirectVersion(file, needs, strings, oldVersion - strings.Offset) ? file : null;
    }

    private readonly record struct Section(uint Type, int Offset, int Size, uint Link);

    private static Section[] ReadSections(byte[] file)
    {
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(0x28));
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3A));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3C));
        var sections = new Section[count];
        for (var i = 0; i < count; i++)
        {
            var entry = file.AsSpan(table + (i * entrySize), 64);
            sections[i] = new(
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                (int)BinaryPrimitives.ReadUInt64LittleEndian(entry[0x18..]),
                (int)BinaryPrimitives.ReadUInt64LittleEndian(entry[0x20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[0x28..]));
        }

        return sections;
    }

    // Where a complete string of a string table begins in the file; -1 if it is not there.
    private static int Find(byte[] file, Section strings, string text)
    {
        var found = file.AsSpan(strings.Offset, strings.Size).IndexOf(Encoding.ASCII.GetBytes($"\0{text}\0"));
        return found < 0 ? -1 : strings.Offset + found + 1;
    }

    // Walks Elf64_Verneed records and their Elf64_Vernaux entries; makes the one for the new version require the old one.
    private static bool RedirectVersion(byte[] file, Section needs, Section strings, int oldVersionName)
    {
        var redirected = false;
        var record = needs.Offset;
        for (uint next = 1; next != 0; record += (int)next)
        {
            var header = file.AsSpan(record, 16);
            int entries = BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);
            var entry = record + (int)BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
            next = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
            for (var i = 0; i < entries; i++)
            {
                var aux = file.AsSpan(entry, 16);
                var name = file.AsSpan(strings.Offset + (int)BinaryPrimitives.ReadUInt32LittleEndian(aux[8..]));
                if (name[..name.IndexOf((byte)0)].SequenceEqual(Encoding.ASCII.GetBytes(WantedVersion)))
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(aux, Hash(OldVersion));
                    BinaryPrimitives.WriteUInt32LittleEndian(aux[8..], (uint)oldVersionName);
                    redirected = true;
                }

                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(aux[12..]);
            }
        }

        return redirected;
    }

    // The System V ABI hash used in version entries.
    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var character in name)
        {
            hash = (hash << 4) + character;
            var high = hash & 0xf0000000;
            hash ^= high >> 24;
            hash &= ~high;
        }

        return hash;
    }
}
