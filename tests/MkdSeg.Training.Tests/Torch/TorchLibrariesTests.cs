using System.Runtime.InteropServices;
using System.Text;
using MkdSeg.Common;
using MkdSeg.Training.Torch;
using TorchSharp;

namespace MkdSeg.Training.Tests.Torch;

public class TorchLibrariesTests
{
    private const string Library = "libLibTorchSharp.so";

    [Test]
    public void TorchSharp_is_the_real_one()
    {
        var name = typeof(torch).Assembly.GetName();
        Assert.Multiple(() =>
        {
            Assert.That(name.Name, Is.EqualTo("TorchSharp"));
            Assert.That(name.Version!.ToString(3), Is.EqualTo("0.107.0"));
            Assert.That(Convert.ToHexStringLower(name.GetPublicKeyToken()!), Is.EqualTo("67b0e5e1da516a1c"));
            Assert.That(torch.__version__, Does.StartWith("2.10.0"), "libtorch");
        });
    }

    [Test]
    [Platform("Linux")]
    public void An_edited_copy_is_loaded_only_where_the_system_is_too_old()
    {
        _ = torch.ones(1);
        var mapped = Mapped(Library);

        Assert.That(mapped, Has.Length.EqualTo(1), "one copy, not two");
        Assert.That(
            mapped[0].StartsWith(NativeFolder, StringComparison.Ordinal),
            Is.EqualTo(SystemHasIoInit()), $"{mapped[0]} is loaded");
        Assert.That(Mapped("libtorch_cpu.so"), Is.EqualTo(new[] { Path.Combine(NativeFolder, "libtorch_cpu.so") }));
    }

    [Test]
    [Platform("Linux")]
    public void The_packages_file_is_unchanged_and_the_copy_differs_in_two_places()
    {
        var path = Path.Combine(NativeFolder, Library);
        var library = File.ReadAllBytes(path);
        var before = FileHash.OfFile(path);

        var copy = OldLibstdcxx.Edit(library, path);

        Assert.That(FileHash.OfFile(path), Is.EqualTo(before));
        Assert.That(library.AsSpan().IndexOf("_ZSt21ios_base_library_initv"u8), Is.Positive, "the library as it comes");
        Assert.That(copy, Has.Length.EqualTo(library.Length));
        // The symbol's name; hash and name of the version: 4 bytes each, some of which may be alike.
        var differing = Enumerable.Range(0, copy.Length).Count(i => copy[i] != library[i]);
        Assert.That(differing, Is.InRange(20, 28 + 8));
    }

    [TestCase("no library at all")]
    [TestCase("\u007fELF\u0002\u0001 and nothing that an ELF file has, but long enough for a header and more than that")]
    public void A_library_of_another_shape_is_refused_in_one_sentence(string content) => Assert.That(
        () => OldLibstdcxx.Edit(Encoding.Latin1.GetBytes(content), "lib.so"),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("'lib.so' needs the libstdc++ of GCC 13")
            .And.Message.Not.Contain("\n"));

    [Test]
    [Platform("Linux")]
    public void A_library_that_does_not_want_the_symbol_is_refused() => Assert.That(
        () => OldLibstdcxx.Edit(File.ReadAllBytes(Path.Combine(NativeFolder, "libtorch.so")), "libtorch.so"),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("not the library of TorchSharp"));

    private static string NativeFolder { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    private static string[] Mapped(string name) =>
    [
        .. File.ReadLines("/proc/self/maps").Where(line => line.Contains('/', StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .Where(path => Path.GetFileName(path) == name).Distinct(),
    ];

    private static bool SystemHasIoInit() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library)
        && NativeLibrary.TryGetExport(library, "_ZSt21ios_base_library_initv", out _);
}
