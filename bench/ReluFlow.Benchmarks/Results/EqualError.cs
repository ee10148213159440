namespace ReluFlow.Benchmarks.Results;

/// <summary>Our time and the best peer's at the same error.</summary>
/// <param name="Error">The error of both.</param>
/// <param name="Ours">Our time, s.</param>
/// <param name="Peer">The fastest peer; null where none comes near the reference.</param>
/// <param name="Theirs">Its time, s.</param>
/// <param name="PeerError">The error at which that is: larger than <paramref name="Error"/> where no peer comes so near, and the ratio is then a lower bound.</param>
internal sealed record EqualError(double Error, double Ours, string? Peer, double Theirs, double PeerError)
{
    /// <summary>What is said where there is nothing to compare with.</summary>
    public const string NoPeer = "no peer comes near";

    /// <summary>Their time over ours.</summary>
    public double Ratio => Theirs / Ours;

    /// <summary>Whether the peer stays farther away than asked for.</summary>
    public bool IsBound => PeerError > Error;

    /// <summary>At one error; null where we do not reach it ourselves.</summary>
    public static EqualError? At(double error, WorkCurve ours, IReadOnlyCollection<WorkCurve> peers)
    {
        double mine = ours.Seconds(error);
        return double.IsFinite(mine) ? Against(error, mine, peers) : null;
    }

    /// <summary>Of a time of ours at an error.</summary>
    public static EqualError Against(double error, double ours, IReadOnlyCollection<WorkCurve> peers)
    {
        if (peers.Count == 0)
        {
            return new EqualError(error, ours, null, double.PositiveInfinity, double.PositiveInfinity);
        }

        WorkCurve fastest = peers.MinBy(peer => peer.Seconds(error))!;
        double theirs = fastest.Seconds(error);
        if (double.IsFinite(theirs))
        {
            return new EqualError(error, ours, fastest.Method, theirs, error);
        }

        WorkCurve nearest = peers.MinBy(peer => peer.Nearest.Error)!;
        return new EqualError(error, ours, nearest.Method, nearest.Nearest.Seconds, nearest.Nearest.Error);
    }

    /// <summary>The ratio in words: 12×, or &gt; 49× with where the nearest peer stays.</summary>
    public string Describe() => Peer is null ? NoPeer
        : IsBound ? $"> {Text.Ratio(Ratio)} ({Peer}, which stays at {Text.Error(PeerError)})"
        : $"{Text.Ratio(Ratio)} ({Peer})";
}
