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
        using (FolderLock.Take(folder["out/.locks"]))
        {
            Assert.That(() => FolderLock.Take(folder["out/.locks"]), Throws.TypeOf<UserErrorException>()
                .With.Message.Contains($"Process {Environment.ProcessId} on").And.Message.Contains(folder["out"]));
        }

        using var free = FolderLock.Take(folder["out/.locks"]);
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
            "owner.json", $$"""{ "processId": {{id}}, "host": "{{host}}", "started": "{{started:O}}" }""");
    }
}
