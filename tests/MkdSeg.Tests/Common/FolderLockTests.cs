using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.Common;

public class FolderLockTests
{
    [Test]
    public void The_second_is_told_who_is_the_first()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.Take(folder["out"]))
        {
            Assert.That(() => FolderLock.Take(folder["out"]), Throws.TypeOf<UserErrorException>()
                .With.Message.Contains($"Process {Environment.ProcessId} on").And.Message.Contains($"'{folder["out"]}'"));
            Assert.That(FolderLock.TryTake(folder["out"]), Is.Null);
        }

        using var free = FolderLock.TryTake(folder["out"]);
        Assert.That(free, Is.Not.Null);
    }

    [Test]
    public void Parts_go_together_where_both_want_it_and_never_with_the_whole()
    {
        using var folder = new TemporaryFolder();
        using var one = FolderLock.Take(folder["a"], "1", _ => true);
        using (FolderLock.Take(folder["a"], "2", _ => true))
        {
            Assert.That(() => FolderLock.Take(folder["a"]), Throws.TypeOf<UserErrorException>());
            Assert.That(() => FolderLock.Take(folder["a"], "3", other => other == "1"), Throws.TypeOf<UserErrorException>());
        }

        using (FolderLock.Take(folder["a"], "3", other => other == "1"))
        {
        }

        using var whole = FolderLock.Take(folder["b"]);
        Assert.That(() => FolderLock.Take(folder["b"], "1", _ => true), Throws.TypeOf<UserErrorException>());
    }

    [Test]
    public void What_a_process_left_that_ended_is_no_obstacle_and_another_machine_s_is()
    {
        using var folder = new TemporaryFolder();
        using var gone = Process.Start(new ProcessStartInfo("true"))!;
        gone.WaitForExit();
        Owner(gone.Id, Environment.MachineName, DateTimeOffset.UtcNow);
        using (FolderLock.Take(folder.Path))
        {
        }

        // The number is this machine's first process's now, which began at another time.
        Owner(1, Environment.MachineName, DateTimeOffset.UnixEpoch);
        using (FolderLock.Take(folder.Path))
        {
        }

        Owner(1, "another-machine", DateTimeOffset.UtcNow);
        Assert.That(() => FolderLock.Take(folder.Path), Throws.TypeOf<UserErrorException>()
            .With.Message.Contains("Process 1 on another-machine").And.Message.Contains("delete"));

        void Owner(int id, string host, DateTimeOffset started) => folder.Write(
            $"{FolderLock.RecordsFolder}/owner.json",
            $$"""{ "processId": {{id}}, "host": "{{host}}", "started": "{{started:O}}" }""");
    }

    // lock-read-only-output of the cases: the lock's file of an earlier run lies on what is a read-only mount now.
    [Test]
    public void A_read_only_folder_is_called_read_only_whether_it_was_locked_before_or_not()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["mount"]);
        if (!Run("mount", "-t", "tmpfs", "tmpfs", folder["mount"]))
            Assert.Ignore("Mounting needs root in a namespace of its own.");
        try
        {
            using (FolderLock.Take(folder["mount/before"]))
            {
            }

            Assert.That(Run("mount", "-o", "remount,ro", folder["mount"]));
            foreach (var name in (string[])["mount/before", "mount/new"])
            {
                Assert.That(() => FolderLock.Take(folder[name]), Throws.TypeOf<UserErrorException>()
                    .With.Message.Contains("read-only").And.Message.Contains(name).And.Message.Not.Contains("rocess"));
                Assert.That(() => FolderLock.TryTake(folder[name]), Throws.TypeOf<UserErrorException>());
            }
        }
        finally
        {
            Run("umount", folder["mount"]);
        }
    }

    [Test]
    public void A_folder_that_cannot_be_created_is_told_apart_from_a_held_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "");
        Assert.That(() => FolderLock.Take(folder["file/out"]), Throws.TypeOf<UserErrorException>()
            .With.Message.Contains("Cannot write to the folder").And.Message.Contains("file/out")
            .And.Message.Not.Contains("rocess"));
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
