using System.Diagnostics;
using System.Text.Json;

namespace MkdSeg.Common;

/// <summary>Keeps two processes from writing to the same folder; the lock ends with its process.</summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The hidden subfolder of the locked folder for lock files and other records of this program.</summary>
    public const string RecordsFolder = ".mkdseg";

    private const string LockPrefix = "lock";
    private const string OwnerPrefix = "owner";
    private readonly FileStream _lock;
    private readonly string _ownerFile;

    private FolderLock(FileStream @lock, string ownerFile) => (_lock, _ownerFile) = (@lock, ownerFile);

    /// <summary>Locks a folder, creating it if missing.</summary>
    public static FolderLock Take(string folder, string? part = null, Func<string, bool>? together = null) =>
        Acquire(Path.GetFullPath(folder), part, together, out var holder)
        ?? throw HeldBy(Path.GetFullPath(folder), holder);

    /// <summary>Locks a folder, creating it if missing; returns null if another process holds the lock.</summary>
    public static FolderLock? TryTake(string folder, string? part = null, Func<string, bool>? together = null) =>
        Acquire(Path.GetFullPath(folder), part, together, out _);

    /// <summary>Waits until no other process holds the lock, then locks the folder.</summary>
    public static FolderLock Wait(string folder, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(folder) is { } taken)
                return taken;
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        File.Delete(_ownerFile);
        // The lock file is kept: if it were deleted, two other processes could each lock a file of that name.
        _lock.Dispose();
    }

    private static FolderLock? Acquire(string folder, string? part, Func<string, bool>? together, out string holder)
    {
        var records = Path.Combine(folder, RecordsFolder);
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(records);
            holder = OwnerFile(part);
            taken = Open(LockFile(part));
            if (taken is null)
                return null;
            // Every process takes its own lock before checking the others, so at least one of two processes sees the other.
            foreach (var file in Directory.EnumerateFiles(records, LockPrefix + "*").Order(StringComparer.Ordinal))
            {
                var other = file == LockFile(null) ? null : Path.GetFileName(file)[(LockPrefix.Length + 1)..];
                holder = OwnerFile(other);
                if (other == part)
                {
                    if (IsAlive(holder))
                        return null;
                    continue;
                }

                if (other is not null && part is not null && together?.Invoke(other) == true)
                    continue;
                using var free = Open(file);
                if (free is null || IsAlive(holder))
                    return null;
            }

            holder = OwnerFile(part);
            StrictJson.Save(holder, Owner.This());
            var result = new FolderLock(taken, holder);
            taken = null;
            return result;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"Cannot write to the folder '{folder}': {Reason(error)}.", error);
        }
        finally
        {
            taken?.Dispose();
        }

        string LockFile(string? name) => Path.Combine(records, name is null ? LockPrefix : $"{LockPrefix}.{name}");

        string OwnerFile(string? name) =>
            Path.Combine(records, (name is null ? OwnerPrefix : $"{OwnerPrefix}.{name}") + ".json");
    }

    /// <summary>Opens a lock file; returns null if another process has it open.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (IsSharingViolation(error))
        {
            return null;
        }
    }

    // HResult is ERROR_SHARING_VIOLATION or ERROR_LOCK_VIOLATION on Windows, EWOULDBLOCK elsewhere. Any other
    // IOException, such as from a read-only file system, says nothing about other processes.
    private static bool IsSharingViolation(IOException error) => OperatingSystem.IsWindows()
        ? (error.HResult & 0xFFFF) is 32 or 33
        : error.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);

    private static string Reason(Exception error)
    {
        const int readOnlyFileSystem = 30; // EROFS on Linux and macOS
        const int noSpace = 28;            // ENOSPC
        return error switch
        {
            UnauthorizedAccessException => "permission denied; choose another folder or change its permissions",
            { HResult: readOnlyFileSystem } => "it is on a read-only file system; choose another folder",
            { HResult: noSpace } => "the disk is full; free some space or choose another folder",
            DirectoryNotFoundException or FileNotFoundException =>
                "it does not exist and cannot be created; check the path",
            _ => error.Message.TrimEnd('.') + "; choose another folder",
        };
    }

    private static UserErrorException HeldBy(string folder, string ownerFile) => ReadOwner(ownerFile) is { } owner
        ? new($"Process {owner.ProcessId} on {owner.Host} is writing to '{folder}'; wait until it has finished or choose "
            + $"another folder (if it is no longer running, delete '{ownerFile}').")
        : new($"Another process is writing to '{folder}'; wait until it has finished or choose another folder.");

    // For file systems without locks, and for processes on other machines that share the file system.
    private static bool IsAlive(string ownerFile) => ReadOwner(ownerFile) is { } owner && !owner.IsGone();

    private static Owner? ReadOwner(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Owner>(File.ReadAllText(file), StrictJson.Options) : null;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Owner(int ProcessId, string Host, DateTimeOffset Started)
    {
        public static Owner This()
        {
            using var process = Process.GetCurrentProcess();
            return new(process.Id, Environment.MachineName, StartOf(process));
        }

        /// <summary>Whether the process has certainly ended; unknown for a process on another machine.</summary>
        public bool IsGone()
        {
            if (Host != Environment.MachineName)
                return false;
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                // Process ids are reused. A process that finds its own id has just established that it holds no lock.
                return ProcessId == Environment.ProcessId || Math.Abs((StartOf(process) - Started).TotalSeconds) > 2;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }

        private static DateTimeOffset StartOf(Process process) => new(process.StartTime.ToUniversalTime());
    }
}
