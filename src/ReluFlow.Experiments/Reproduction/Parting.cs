namespace ReluFlow.Experiments.Reproduction;

/// <summary>How far two runs are apart in one respect, at each time that both kept.</summary>
public sealed class Parting
{
    /// <summary>The runs part where the distance is above this; a working definition of ours.</summary>
    public const double Share = 0.01;

    private readonly double[] _times;
    private readonly double[] _distances;

    /// <summary>Takes distances by time.</summary>
    /// <param name="times">Increasing, at least one.</param>
    /// <param name="distances">Relative distances ≥ 0, as many.</param>
    /// <exception cref="ArgumentException">No times, or another number of distances.</exception>
    public Parting(IReadOnlyList<double> times, IReadOnlyList<double> distances)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(distances);
        if (times.Count == 0 || times.Count != distances.Count)
        {
            throw new ArgumentException($"{times.Count} times and {distances.Count} distances; at least one and as many are expected.", nameof(distances));
        }

        _times = [.. times];
        _distances = [.. distances];
        int largest = Array.IndexOf(_distances, _distances.Max());
        (Largest, LargestTime) = (_distances[largest], _times[largest]);
    }

    /// <summary>The first time at which they are apart; null where they never are.</summary>
    public double? First => At(Array.FindIndex(_distances, distance => distance > Share));

    /// <summary>The last time at which they are apart; null where they never are.</summary>
    public double? Last => At(Array.FindLastIndex(_distances, distance => distance > Share));

    /// <summary>The share of the kept times at which they are apart.</summary>
    public double Apart => (double)_distances.Count(distance => distance > Share) / _distances.Length;

    /// <summary>The largest distance.</summary>
    public double Largest { get; }

    /// <summary>When it is reached.</summary>
    public double LargestTime { get; }

    /// <summary>The distance at the end.</summary>
    public double End => _distances[^1];

    /// <summary>These numbers under the names that expectation files use.</summary>
    internal IEnumerable<ComparedQuantity> Quantities(string name, string what) =>
    [
        new($"{name}.first", $"first t at which the {what} differ by more than 1 %", First, Standing.WorkingDefinition),
        new($"{name}.last", $"last such t ({what})", Last, Standing.WorkingDefinition),
        new($"{name}.apart", $"share of the kept times ({what})", Apart, Standing.WorkingDefinition),
        new($"{name}.largest", $"largest relative difference ({what})", Largest, Standing.Measured),
        new($"{name}.end", $"relative difference at the end ({what})", End, Standing.Measured),
    ];

    /// <summary>These numbers as a sentence.</summary>
    internal string InWords(string what) => First is { } first
        ? FormattableString.Invariant($"{what} differ by more than {Share * 100}% from t = {first:G4} to {Last:G4}, by at most {Largest * 100:G3}% at t = {LargestTime:G4}, by {End * 100:G3}% at the end.")
        : FormattableString.Invariant($"{what} never differ by more than {Share * 100}%; by {Largest * 100:G3}% at t = {LargestTime:G4}, by {End * 100:G3}% at the end.");

    private double? At(int index) => index < 0 ? null : _times[index];
}
