using System.Globalization;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>The right to do one run: the file <c>claims/KEY.N</c> with the name of a worker, made exclusively, of which the highest N counts.</summary>
/// <remarks>
/// The claim of a dead worker is taken over by making KEY.(N + 1), which one taker alone can do; nobody removes or renames a claim of another on a run that is not done, so a taker that was slow cannot take a
/// claim away from one that was quick. Whoever has a claim looks again whether the run is done, so a claim that went away since changes nothing.
/// </remarks>
internal sealed class RunClaim : IDisposable
{
    private readonly string _path;
    private readonly int _number;

    private RunClaim(string path, int number)
    {
        _path = path;
        _number = number;
    }

    public void Dispose()
    {
        for (int number = _number; number >= 1; number--)
        {
            File.Delete(PathOf(_path, number));
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
                    return new RunClaim(path, number);
                }

                if (!File.Exists(PathOf(path, number + 1)) && !IsOfTheDead(own))
                {
                    return null;
                }
            }
        }

        private bool TryCreate(string path)
        {
            try
            {
                using var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew));
                writer.Write(worker.Id);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        private bool IsOfTheDead(string path)
        {
            string id;
            try
            {
                id = File.ReadAllText(path);
            }
            catch (FileNotFoundException)
            {
                // Released since; the next attempt begins anew.
                return false;
            }

            // A claim without a name is of one who has just made it, or who died just then.
            return id.Length == 0 ? IsSilent(path, DateTime.MinValue) : SweepWorker.SignOf(sweep, id) is not { } sign || IsSilent(id, sign);
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
