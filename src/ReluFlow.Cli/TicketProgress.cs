using System.Globalization;
using ReluFlow.Capacity.Tickets;
using ReluFlow.Flows;

namespace ReluFlow.Cli;

/// <summary>Shows on standard error which network of a ticket study is trained, and about how long the study still takes.</summary>
internal sealed class TicketProgress(Terminal terminal, int seeds) : ITicketObserver
{
    // Ticket and controls of a round.
    private const int ArmsOfRound = 5;

    private static readonly TimeSpan s_firstEstimate = TimeSpan.FromSeconds(2);

    private readonly LiveLine _line = new(terminal);
    private IReadOnlyList<int> _sizes = [];
    private int _seed;
    private double _begun;
    private double _finished;
    private string _stage = "";

    /// <summary>The observer of the search from the i-th seed.</summary>
    public ITicketObserver Of(int index, TicketSearch search)
    {
        _seed = index;
        _sizes = search.Sizes;
        return this;
    }

    /// <inheritdoc/>
    public void Begins(int round, int size, TicketArm arm)
    {
        // Work grows with the units: a network of half of them takes about half as long.
        _finished = _begun;
        _begun += size;
        _stage = string.Create(CultureInfo.InvariantCulture, $"seed {_seed + 1} of {seeds}, round {round} of {_sizes.Count - 1}, {size:N0} units, {TicketView.NameOf(arm)}");
    }

    /// <inheritdoc/>
    public void Accepted(in ProgressPoint point)
    {
        ProgressPoint now = point;
        _line.Show(elapsed => Describe(now, elapsed));
    }

    /// <summary>Takes the live line away.</summary>
    public void Clear() => _line.Clear();

    private string Describe(ProgressPoint point, TimeSpan elapsed)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{_stage}  t = {point.Time:G4}  loss {point.Loss:G4}");
        double share = _finished / (seeds * (_sizes[0] + (ArmsOfRound * (double)_sizes.Skip(1).Sum())));
        return share > 0 && elapsed >= s_firstEstimate ? $"{line}  about {LiveLine.Duration(elapsed * ((1 - share) / share))} left" : line;
    }
}
