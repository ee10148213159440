namespace ReluFlow.Benchmarks;

/// <summary>Processor time against error of the peers: what the best of them would take for a given error.</summary>
internal sealed class WorkPrecision
{
    private readonly Measurement[][] _curves;

    /// <summary>The curves of the peers among the measurements, runs that did not finish left out.</summary>
    public WorkPrecision(IEnumerable<Measurement> measurements) => _curves =
    [
        .. measurements
            .Where(measurement => !measurement.Contender.IsOurs && measurement.Finish!.Reached)
            .GroupBy(measurement => measurement.Contender.Method)
            .Select(curve => curve.OrderBy(point => point.Error).ToArray()),
    ];

    /// <summary>
    /// The best peer's time at this error over the given time: read off its curve, between two runs on a line in the logarithms of both. Where no peer
    /// comes so near, the ratio of its most accurate run, a lower bound.
    /// </summary>
    public string Ratio(double error, double seconds)
    {
        if (_curves.Length == 0)
        {
            return "no peer finishes";
        }

        (double peer, string method) = _curves.Select(curve => (Seconds(curve, error), curve[0].Contender.Method)).MinBy(candidate => candidate.Item1);
        if (double.IsFinite(peer))
        {
            return $"{Text.Ratio(peer / seconds)} ({method})";
        }

        Measurement nearest = _curves.Select(curve => curve[0]).MinBy(point => point.Error)!;
        return $"> {Text.Ratio(nearest.Cost.Processor / seconds)} ({nearest.Contender.Method}, which stays at {Text.Error(nearest.Error)})";
    }

    // A run more accurate than wanted counts as it is.
    private static double Seconds(Measurement[] curve, double error)
    {
        int next = Array.FindIndex(curve, point => point.Error > error);
        double sure = curve[..(next < 0 ? curve.Length : next)].Select(point => point.Cost.Processor).DefaultIfEmpty(double.PositiveInfinity).Min();
        if (next <= 0 || curve[next - 1].Error == 0)
        {
            return sure;
        }

        Measurement tight = curve[next - 1], loose = curve[next];
        double position = Math.Log(error / tight.Error) / Math.Log(loose.Error / tight.Error);
        return Math.Min(sure, tight.Cost.Processor * Math.Pow(loose.Cost.Processor / tight.Cost.Processor, position));
    }
}
