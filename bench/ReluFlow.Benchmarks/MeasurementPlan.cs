using ReluFlow.Benchmarks.Problems;

namespace ReluFlow.Benchmarks;

/// <summary>How often everything runs: warmed up first, then in rounds in which every contender has its turn, so that a busy spell of the machine meets all.</summary>
/// <param name="Rounds">Timed rounds.</param>
/// <param name="Limit">A run that takes more processor time is stopped and counts as not finished.</param>
internal sealed record MeasurementPlan(int Rounds, TimeSpan Limit)
{
    /// <summary>Runs longer than this are warm by themselves and count once.</summary>
    private const double Slow = 4;

    /// <summary>Shorter runs in this process are repeated for this long before they count: the time of tiered compilation.</summary>
    private const double WarmUp = 1;

    /// <summary>In a round a short run in this process is repeated up to this time, at most <see cref="MostRepeats"/> times.</summary>
    private const double Turn = 0.1;

    private const int MostRepeats = 10;

    /// <summary>The plan in words.</summary>
    public string Words => $"{Rounds} {(Rounds == 1 ? "round" : "rounds")}, at most {Limit.TotalSeconds:N0} s of processor time a run";

    /// <summary>Measures all contenders on a problem; <paramref name="log"/> hears who runs.</summary>
    public IReadOnlyList<Measurement> Measure(FlowProblem problem, IEnumerable<IContender> contenders, Action<string> log)
    {
        Measurement[] all = [.. contenders.Select(contender => new Measurement(contender))];
        var quick = new List<Measurement>();
        foreach (Measurement measurement in all)
        {
            log($"{problem.Name}: {measurement.Contender.Method}, {measurement.Contender.Setting}");
            double first = measurement.Run(problem, Limit);
            bool isProcess = measurement.Finish!.Process is not null;
            if (first > Slow || !measurement.Finish.Reached)
            {
                measurement.Count();
                measurement.RunInOwnProcess(problem, Limit);
                continue;
            }

            quick.Add(measurement);
            for (double spent = isProcess ? WarmUp : first; spent < WarmUp;)
            {
                spent += measurement.Run(problem, Limit);
            }
        }

        for (int round = 0; round < Rounds; round++)
        {
            log($"{problem.Name}: round {round + 1} of {Rounds}");
            foreach (Measurement measurement in quick)
            {
                double spent = 0;
                for (int repeat = 0; repeat < MostRepeats && (repeat == 0 || (spent < Turn && measurement.Finish!.Process is null)); repeat++)
                {
                    spent += measurement.Run(problem, Limit);
                    measurement.Count();
                }

                measurement.RunInOwnProcess(problem, Limit);
            }
        }

        return all;
    }
}
