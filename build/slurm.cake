// A one-node Slurm for the duration of a test: its daemons are started directly with their own configuration, so that
// neither systemd nor a cluster that the machine belongs to is affected.

using System.Net;
using System.Net.Sockets;

string[] slurmPackages = { "slurm-wlm", "munge" };

// Runs an action with SLURM_CONF set, and stops the daemons afterwards, even if it fails.
void WithSlurm(Action action)
{
    if (System.Environment.UserName != "root")
    {
        throw new CakeException(
            "Slurm's daemons start jobs as any user and must run as root: sudo dotnet cake --target=TestSlurm");
    }

    // Below /tmp: munge requires folders that others cannot write to, and sockets require short paths.
    var folder = System.IO.Directory.CreateTempSubdirectory("mkdseg-slurm-").FullName;
    // Munge's clients only need access to the socket.
    System.IO.File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
    var daemons = new List<System.Diagnostics.Process>();
    try
    {
        var configuration = WriteSlurmConfiguration(folder);
        System.Environment.SetEnvironmentVariable("SLURM_CONF", configuration);
        daemons.Add(StartDaemon(
            folder, "munged", $"--foreground --force --key-file={folder}/munge.key --socket={folder}/munge.socket "
            + $"--pid-file={folder}/munged.pid --seed-file={folder}/munge.seed --log-file={folder}/munged.log"));
        WaitFor("munged", folder, () => System.IO.File.Exists($"{folder}/munge.socket"));
        daemons.Add(StartDaemon(folder, "slurmctld", $"-D -f {configuration}"));
        daemons.Add(StartDaemon(folder, "slurmd", $"-D -f {configuration}"));
        WaitFor("the node", folder, () => Capture("sinfo", "--noheader --format=%T", out _).Trim() == "idle");
        Info("Slurm:    one node, {0}", Capture("sinfo", "--version", out _).Trim());
        action();
    }
    finally
    {
        // In reverse order: the node signs off from the controller, and both need munge to do so.
        daemons.Reverse();
        foreach (var daemon in daemons)
        {
            StopDaemon(daemon);
        }

        System.Environment.SetEnvironmentVariable("SLURM_CONF", null);
        System.IO.Directory.Delete(folder, recursive: true);
    }
}

string WriteSlurmConfiguration(string folder)
{
    var key = $"{folder}/munge.key";
    System.IO.File.WriteAllBytes(key, System.Security.Cryptography.RandomNumberGenerator.GetBytes(128));
    System.IO.File.SetUnixFileMode(key, UnixFileMode.UserRead);
    System.IO.Directory.CreateDirectory($"{folder}/state");
    System.IO.Directory.CreateDirectory($"{folder}/spool");
    var host = System.Environment.MachineName.Split('.')[0];
    var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
    var path = $"{folder}/slurm.conf";
    // Control groups cannot be created in containers: processes are tracked by their parents, and nothing is limited.
    System.IO.File.WriteAllText(path, $"""
        ClusterName=mkdseg
        SlurmctldHost={host}(127.0.0.1)
        SlurmUser=root
        SlurmctldPort={FreePort()}
        SlurmdPort={FreePort()}
        AuthType=auth/munge
        AuthInfo=socket={folder}/munge.socket
        CredType=cred/munge
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        MpiDefault=none
        MailProg=/bin/true
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        SchedulerParameters=batch_sched_delay=0,sched_interval=2,defer
        SlurmdParameters=config_overrides
        ReturnToService=2
        StateSaveLocation={folder}/state
        SlurmdSpoolDir={folder}/spool
        SlurmctldPidFile={folder}/slurmctld.pid
        SlurmdPidFile={folder}/slurmd.pid
        SlurmctldLogFile={folder}/slurmctld.log
        SlurmdLogFile={folder}/slurmd.log
        NodeName={host} NodeAddr=127.0.0.1 CPUs={System.Environment.ProcessorCount} RealMemory={memory} State=UNKNOWN
        PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP

        """);
    return path;
}

int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

System.Diagnostics.Process StartDaemon(string folder, string name, string arguments) =>
    System.Diagnostics.Process.Start(new ProcessStartInfo("sh")
    {
        Arguments = $"-c \"exec {name} {arguments} >>{folder}/{name}.out 2>&1\"",

        // Debian installs daemons in folders that only root's PATH contains.
        Environment = { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin" },
    });

void StopDaemon(System.Diagnostics.Process daemon)
{
    if (!daemon.HasExited)
    {
        Capture("kill", $"-TERM {daemon.Id}", out _);
    }

    if (!daemon.WaitForExit(TimeSpan.FromSeconds(15)))
    {
        daemon.Kill();
        daemon.WaitForExit();
    }

    daemon.Dispose();
}

void WaitFor(string what, string folder, Func<bool> isThere)
{
    var watch = Stopwatch.StartNew();
    while (!isThere())
    {
        if (watch.Elapsed > TimeSpan.FromMinutes(1))
        {
            var said = System.IO.Directory.EnumerateFiles(folder)
                .Where(file => file.EndsWith(".log") || file.EndsWith(".out"))
                .SelectMany(System.IO.File.ReadLines)
                .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
                .TakeLast(5);
            throw new CakeException($"Slurm: {what} is not ready after a minute.\n{string.Join('\n', said)}");
        }

        System.Threading.Thread.Sleep(200);
    }
}
