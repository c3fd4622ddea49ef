using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MkdSeg.Training.Torch;

/// <summary>
/// Loads libtorch before TorchSharp does, so that training runs on Debian 12 and Ubuntu 22.04 too: TorchSharp's library
/// requires the libstdc++ of GCC 13 and is loaded there as an edited copy (<see cref="OldLibstdcxx"/>). However the process
/// was started, this runs when the assembly is first used; no package file is changed.
/// </summary>
public static class TorchLibraries
{
    private const string TorchSharpLibrary = "libLibTorchSharp.so";
    private const string TorchLibrary = "libtorch_cpu.so";
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    /// <summary>Whether the libtorch of this build supports CUDA.</summary>
    public static bool HasCuda => FolderOf("libtorch_cuda.so") is not null;

    /// <summary>Loads the libraries, once per process. Call it if TorchSharp is used before any type of this assembly.</summary>
    /// <exception cref="UserErrorException">
    /// They cannot be loaded, or TorchSharp's library is not one that can be edited for this system.
    /// </exception>
    public static void Load()
    {
        try
        {
            _ = Loaded.Value;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or IOException
            or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The native libraries of TorchSharp cannot be loaded ({error.Message.Split('\n')[0].Trim()}); restore the "
                + "packages again, and check that temporary files can be written.",
                error);
        }
    }

    /// <summary>Returns the address of a function of libtorch or of a library that it loads; null if there is none.</summary>
    internal static nint? FindFunction(string name) =>
        FolderOf(TorchLibrary) is { } folder
        && NativeLibrary.TryLoad(Path.Combine(folder, TorchLibrary), out var library)
        && NativeLibrary.TryGetExport(library, name, out var function)
            ? function
            : null;

#pragma warning disable CA2255 // The first use of TorchSharp may come from any type of this assembly.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize()
    {
        NativeHeap.KeepFreedMemory();
        try
        {
            Load();
        }
        catch (UserErrorException)
        {
            // A module initializer must not throw: types of this assembly that need no tensor would be unusable.
            // ComputeDevice.Open calls Load again, which repeats the error.
        }
    }

    private static bool LoadOnce()
    {
        if (!OperatingSystem.IsLinux() || SystemHasIoInit())
            return false;

        if (FolderOf(TorchSharpLibrary) is not { } folder)
            return false;

        // By full path: otherwise the loader may find another libtorch, such as Debian's.
        NativeLibrary.Load(Path.Combine(folder, TorchLibrary));
        if (File.Exists(Path.Combine(folder, "libtorch_cuda.so")))
            NativeLibrary.Load(Path.Combine(folder, "libtorch_cuda.so"));
        NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));

        var source = Path.Combine(folder, TorchSharpLibrary);
        // TorchSharp loads the library by name, and the system's loader returns the one already loaded under that name.
        LoadCopy(OldLibstdcxx.Edit(File.ReadAllBytes(source), source));
        return true;
    }

    // Whether the system's libstdc++ has the symbol for which TorchSharp's library requires GCC 13's.
    private static bool SystemHasIoInit() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library)
        && NativeLibrary.TryGetExport(library, OldLibstdcxx.WantedSymbol, out _);

    private static string? FolderOf(string library) =>
        NativeFolders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, library)));

    private static IEnumerable<string> NativeFolders()
    {
        var known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        foreach (var folder in known.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;

        var own = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        foreach (var folder in new[] { AppContext.BaseDirectory, own })
        {
            if (string.IsNullOrEmpty(folder))
                continue;
            yield return folder;
            yield return Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
            yield return Path.Combine(folder, "runtimes", "linux-x64", "native");
        }
    }

    // From the user's cache, under a hash of its content; without a cache, from a private folder that is deleted immediately.
    private static void LoadCopy(byte[] library)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "mkdseg", Convert.ToHexStringLower(SHA256.HashData(library))[..16]);
        var path = Path.Combine(folder, TorchSharpLibrary);
        try
        {
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(library))
            {
                Directory.CreateDirectory(folder);
                AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, library));
            }

            NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or UserErrorException
            or DllNotFoundException)
        {
            // The cache cannot be written, or its file system does not allow execution.
            var temporary = Directory.CreateTempSubdirectory("mkdseg-").FullName;
            path = Path.Combine(temporary, TorchSharpLibrary);
            File.WriteAllBytes(path, library);
            NativeLibrary.Load(path);
            Directory.Delete(temporary, recursive: true);
        }
    }
}
