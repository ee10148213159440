namespace ReluFlow.Benchmarks.Results;

/// <summary>Time against error of one method over its settings.</summary>
internal sealed class WorkCurve
{
    private readonly (double Error, double Seconds)[] _points;

    /// <summary>The curve through the ends of runs, at least one.</summary>
    /// <exception cref="ArgumentException">There is no point, or one has an error or a time that is not positive.</exception>
    public WorkCurve(string method, IEnumerable<(double Error, double Seconds)> points)
    {
        Method = method;
        _points = [.. points.OrderBy(point => point.Error)];
        if (_points.Length == 0 || !_points.All(static point => point.Error > 0 && point.Seconds > 0))
        {
            throw new ArgumentException($"{method}: at least one point is expected, with a positive error and a positive time.", nameof(points));
        }
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The most accurate run.</summary>
    public (double Error, double Seconds) Nearest => _points[0];

    /// <summary>
    /// The curves of the rows that came to T and near the reference, a curve a method; an error that is not resolved counts as the uncertainty. What a run took that ended
    /// elsewhere says nothing, not even as a bound.
    /// </summary>
    public static WorkCurve[] Of(IEnumerable<ResultRow> rows, double uncertainty, Func<ResultRow, double?> time) =>
    [
        .. rows.Where(row => row.Reached && row.Departure is null && time(row) is > 0)
            .GroupBy(row => row.Method)
            .Select(method => new WorkCurve(method.Key, method.Select(row => (Math.Max(row.Error, uncertainty), time(row)!.Value)))),
    ];

    /// <summary>
    /// The time in which the method has at most this error, infinite where no run has: the fastest of the runs that are at least so accurate, or, between two neighbours
    /// of the curve on either side of the error, what the straight line in the logarithms of both says.
    /// </summary>
    public double Seconds(double error)
    {
        int next = Array.FindIndex(_points, point => point.Error > error);
        double sure = _points[..(next < 0 ? _points.Length : next)].Select(point => point.Seconds).DefaultIfEmpty(double.PositiveInfinity).Min();
        if (next <= 0)
        {
            return sure;
        }

        (double Error, double Seconds) tight = _points[next - 1], loose = _points[next];
        double position = Math.Log(error / tight.Error) / Math.Log(loose.Error / tight.Error);
        return Math.Min(sure, tight.Seconds * Math.Pow(loose.Seconds / tight.Seconds, position));
    }
}
