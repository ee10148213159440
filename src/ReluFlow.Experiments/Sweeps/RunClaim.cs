using System.Globalization;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>The right to do one run: the file <c>claims/KEY.N</c> with the name of a worker, made exclusively, of which the highest N counts.</summary>
/// <remarks>
/// The claim of a dead worker is taken over by making KEY.(N + 1), which one taker alone can do; nobody removes or renames a claim of another on a run that is not done, so a taker that was slow cannot take a
/// claim away from one that was quick. Claims go away with the run's end only: one that is given up before says so, and keeps its number, so that numbers grow and
/// "the highest counts" stays true. Whoever has a claim looks again whether the run is done, so a claim that went away since changes nothing.
/// </remarks>
internal sealed class RunClaim : IDisposable
{
    // EEXIST, which .NET passes on; the file may be gone again by the time it is looked for.
    private const int FileExists = 17;

    // What a claim says that its worker has given up.
    private const string Released = "released";

    private readonly SweepDirectory _sweep;
    private readonly string _key;
    private readonly int _number;

    private RunClaim(SweepDirectory sweep, string key, int number)
    {
        _sweep = sweep;
        _key = key;
        _number = number;
    }

    public void Dispose()
    {
        string path = Path.Combine(_sweep.ClaimsPath, _key);
        if (!Directory.Exists(_sweep.RunPathOf(_key)))
        {
            Release(PathOf(path, _number));
            return;
        }

        for (int number = _number; number >= 1; number--)
        {
            File.Delete(PathOf(path, number));
        }
    }

    /// <summary>Removes claims on runs that are done, which workers that were killed just then left behind. Whoever takes such a claim anew finds the run done.</summary>
    public static void ForgetDone(SweepDirectory sweep)
    {
        foreach (string claim in Directory.EnumerateFiles(sweep.ClaimsPath).Where(claim => Directory.Exists(sweep.RunPathOf(Path.GetFileNameWithoutExtension(claim)))))
        {
            File.Delete(claim);
        }
    }

    private static void Release(string path)
    {
        try
        {
            SweepDirectory.WriteWhole(path, Released);
        }
        catch (InputException)
        {
            // The claim then ends with this worker.
        }
    }

    private static string PathOf(string path, int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    /// <summary>Takes claims for one worker and watches those of others.</summary>
    internal sealed class Taker(SweepDirectory sweep, SweepWorker worker, TimeProvider clock)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, (DateTime Sign, long Seen)> _watched = new(StringComparer.Ordinal);

        /// <summary>Takes the claim on a run; null where a worker that may live has it.</summary>
        public RunClaim? TryTake(string key)
        {
            string path = Path.Combine(sweep.ClaimsPath, key);
            for (int number = 1; ; number++)
            {
                string own = PathOf(path, number);
                if (TryCreate(own))
                {
                    return new RunClaim(sweep, key, number);
                }

                if (!File.Exists(PathOf(path, number + 1)) && !IsOfTheDead(own))
                {
                    return null;
                }
            }
        }

        private bool TryCreate(string path)
        {
            FileStream stream;
            try
            {
                stream = new FileStream(path, FileMode.CreateNew);
            }
            catch (IOException failure) when (failure.HResult == FileExists || File.Exists(path))
            {
                return false;
            }

            try
            {
                using var writer = new StreamWriter(stream);
                writer.Write(worker.Id);
                return true;
            }
            catch (IOException)
            {
                // A claim without a name, as a full disk leaves it, would keep others waiting.
                File.Delete(path);
                throw;
            }
        }

        private bool IsOfTheDead(string path)
        {
            try
            {
                // A claim without a name is of one who has just made it, or who died just then.
                string id = File.ReadAllText(path);
                return id == Released || (id.Length == 0 ? IsSilent(path, DateTime.MinValue) : SweepWorker.SignOf(sweep, id) is not { } sign || IsSilent(id, sign));
            }
            catch (IOException)
            {
                // Gone since, or a file system that does not say: nobody is taken for dead for that, and the next attempt begins anew.
                return false;
            }
        }

        private bool IsSilent(string watched, DateTime sign)
        {
            lock (_lock)
            {
                if (_watched.TryGetValue(watched, out (DateTime Sign, long Seen) last) && last.Sign == sign)
                {
                    return clock.GetElapsedTime(last.Seen) >= SweepWorker.Lease;
                }

                _watched[watched] = (sign, clock.GetTimestamp());
                return false;
            }
        }
    }
}
