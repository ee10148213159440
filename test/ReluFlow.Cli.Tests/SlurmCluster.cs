using System.Diagnostics;

namespace ReluFlow.Cli.Tests;

/// <summary>A real Slurm on this machine, from test/slurm/slurm.sh, for the length of a test class.</summary>
public abstract class SlurmCluster : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected SlurmCluster(int nodes)
    {
        if (Missing is null)
        {
            Script("start", $"{nodes}").Status.ShouldBe(0);
        }
        else
        {
            (Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") == "1").ShouldBeFalse(Missing);
        }
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static string? Missing { get; } = ((string[])["sbatch", "slurmctld", "slurmd", "munged"]).FirstOrDefault(program =>
        !"/usr/bin:/usr/sbin:/bin:/sbin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)))) is { } program ? $"{program} is not installed" : null;

    internal Dictionary<string, string> Environs => new() { ["SLURM_CONF"] = _folder["slurm.conf"], ["NO_COLOR"] = "1" };

    public void Dispose()
    {
        if (Missing is null)
        {
            Script("stop");
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal ProgramRun Script(string verb, params string[] arguments)
    {
        using var process = ProgramProcess.Of("bash", [Path.Combine(Checkout.Root, "test", "slurm", "slurm.sh"), verb, _folder.Path, .. arguments]);
        return process.End();
    }

    /// <summary>Runs this program with the cluster in reach.</summary>
    internal ProgramRun ReluFlow(params string[] arguments)
    {
        using var process = ProgramProcess.OfReluFlow(Environs, arguments);
        return process.End();
    }

    /// <summary>The same with a folder of programs before those of the machine.</summary>
    internal ProgramRun ReluFlowWith(string programs, params string[] arguments)
    {
        using var process = ProgramProcess.OfReluFlow(new(Environs) { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" }, arguments);
        return process.End();
    }

    /// <summary>Runs one of Slurm's programs.</summary>
    internal string Slurm(params string[] words)
    {
        using var process = ProgramProcess.Of("env", [$"SLURM_CONF={_folder["slurm.conf"]}", .. words]);
        ProgramRun run = process.End();
        run.Status.ShouldBe(0, run.Error);
        return run.Output;
    }

    /// <summary>Waits until no task is left.</summary>
    internal void WaitForTheQueue() => Wait(() => string.IsNullOrWhiteSpace(Slurm("squeue", "--noheader")), "an empty queue");

    /// <summary>Waits until something holds that Slurm brings about in seconds.</summary>
    internal static void Wait(Func<bool> holds, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!holds())
        {
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(4), what);
            Thread.Sleep(50);
        }
    }
}

/// <summary>A Slurm of one node.</summary>
public sealed class OneNodeSlurm() : SlurmCluster(1);

/// <summary>A Slurm of two nodes.</summary>
public sealed class TwoNodeSlurm() : SlurmCluster(2);

/// <summary>A test on a real Slurm: skipped where there is none, unless RELUFLOW_REQUIRE_ALL=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute()
    {
        if (SlurmCluster.Missing is { } missing && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = missing;
        }
    }
}
