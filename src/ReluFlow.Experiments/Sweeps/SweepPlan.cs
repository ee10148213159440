using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>The points of a sweep, in order: the last axis runs fastest, repeats faster still.</summary>
public sealed class SweepPlan
{
    /// <summary>The column that tells repeats apart.</summary>
    public const string RepeatColumn = "repeat";

    /// <summary>The most points, those left out counted.</summary>
    public const int MostPoints = 10_000_000;

    // About a second's work.
    private const int MostRead = 10_000;

    // Of ten million keys of 64 bits two are equal with a probability of 3e-6.
    private const int KeyDigits = 16;

    private readonly int[]? _kept;
    private readonly ulong _firstSeed;

    /// <summary>Counts the points of a sweep. Cost O(points) where some are left out, else O(axes).</summary>
    /// <exception cref="InputException">Axes do not fit together, or there are no points, or more than <see cref="MostPoints"/>.</exception>
    public SweepPlan(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        Columns = [.. spec.Axes.Select(axis => axis.Key), .. spec.Repeats > 1 ? [RepeatColumn] : Array.Empty<string>()];
        if (spec.Repeats > 1)
        {
            _firstSeed = RequireSeed(spec);
        }

        BigInteger all = Combinations(spec) * spec.Repeats;
        if (all > MostPoints)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"sweep {spec.Name} has {all:N0} points; at most {MostPoints:N0} are expected."));
        }

        _kept = spec.Exclude.Count == 0 ? null : [.. Enumerable.Range(0, (int)all).Where(raw => !IsExcluded(raw))];
        Count = _kept?.Length ?? (int)all;
        if (Count == 0)
        {
            throw new InputException($"sweep {spec.Name} has no points: exclude leaves none.");
        }
    }

    /// <summary>The sweep.</summary>
    public SweepSpec Spec { get; }

    /// <summary>The number of points, at least 1.</summary>
    public int Count { get; }

    /// <summary>What tells points apart: the keys of the axes, and <see cref="RepeatColumn"/> where there are repeats.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>A point. Cost that of reading a spec.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    /// <exception cref="InputException">Its values do not make a valid experiment.</exception>
    public SweepPoint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            IReadOnlyList<string> values = ValuesOf(index);
            IEnumerable<string> overrides = [.. Spec.Set, .. Spec.Axes.Zip(values, (axis, value) => $"{axis.Key}={value}")];
            if (Spec.Repeats > 1)
            {
                ulong repeat = ulong.Parse(values[^1], CultureInfo.InvariantCulture);
                overrides = overrides.Append(string.Create(CultureInfo.InvariantCulture, $"{SweepAxis.InitialSeed}={_firstSeed + repeat - 1}"));
            }

            ExperimentSpec spec = SpecFile.ParseWith($"sweep {Spec.Name}, axis or set", Spec.BaseText, Spec.BaseSource, [.. overrides]);
            return new SweepPoint(index, values, spec, KeyOf(spec));
        }
    }

    /// <summary>A point's values, one for each of <see cref="Columns"/>.</summary>
    internal IReadOnlyList<string> ValuesOf(int index)
    {
        (int[] positions, int repeat) = PositionsOf(_kept?[index] ?? index);
        IEnumerable<string> values = Spec.Axes.Select((axis, i) => axis.Values[positions[i]]);
        return [.. values, .. Spec.Repeats > 1 ? [(repeat + 1).ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>()];
    }

    /// <summary>A point; null where its values do not make a valid experiment.</summary>
    internal SweepPoint? TryPoint(int index)
    {
        try
        {
            return this[index];
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads the points, of a large sweep <see cref="MostRead"/> spread evenly and one for each value of each axis (of an axis of more values, as many of them), so that a bad value is found before the first run and not
    /// after the last.
    /// </summary>
    /// <exception cref="InputException">A point is not a valid experiment.</exception>
    public void RequireValid()
    {
        int[] read = [.. Evenly(Count, MostRead).Union(Count <= MostRead ? [] : Enumerable.Range(0, Spec.Axes.Count).SelectMany(FirstOfEachValue))];
        ParallelWork.Of(() => read.AsParallel().Count(index => this[index].Index >= 0));
    }

    private static IEnumerable<int> Evenly(int count, int most) => Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)));

    // A point for each value of an axis, with the first values of the others; none for one that exclude leaves out there.
    private IEnumerable<int> FirstOfEachValue(int axis)
    {
        int stride = Spec.Repeats * (Spec.Combine == AxisCombination.Zip ? 1 : Spec.Axes.Skip(axis + 1).Aggregate(1, (product, later) => product * later.Values.Count));
        return Evenly(Spec.Axes[axis].Values.Count, MostRead).Select(value => _kept is null ? value * stride : Array.BinarySearch(_kept, value * stride)).Where(index => index >= 0);
    }

    private static string KeyOf(ExperimentSpec spec) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SpecFile.Write(spec))))[..KeyDigits];

    private static BigInteger Combinations(SweepSpec spec)
    {
        if (spec.Combine == AxisCombination.Cross)
        {
            return spec.Axes.Aggregate(BigInteger.One, (product, axis) => product * axis.Values.Count);
        }

        SweepAxis first = spec.Axes[0];
        return spec.Axes.FirstOrDefault(axis => axis.Values.Count != first.Values.Count) is { } other
            ? throw new InputException($"sweep {spec.Name}: {first.Key} has {first.Values.Count} values and {other.Key} {other.Values.Count}; combine: zip takes axes of one length.")
            : first.Values.Count;
    }

    private static ulong RequireSeed(SweepSpec spec)
    {
        const string Other = "one of the two is expected";
        if (spec.Axes.Any(axis => axis.Key == SweepAxis.InitialSeed))
        {
            throw new InputException($"sweep {spec.Name}: repeats gives {SweepAxis.InitialSeed} its values, which is an axis too; {Other}.");
        }

        ExperimentSpec experiment = SpecFile.Parse(spec.BaseText, spec.BaseSource, [.. spec.Set, .. spec.Axes.Select(axis => $"{axis.Key}={axis.Values[0]}")]);
        return !experiment.Initial.IsDrawn
            ? throw new InputException($"sweep {spec.Name}: repeats draws other starts, and initial.{(experiment.Initial.Scheme == InitialScheme.File ? "scheme is file" : "neurons is quadrature")}; {Other}.")
            : experiment.Initial.Seed <= ulong.MaxValue - (ulong)spec.Repeats ? experiment.Initial.Seed
            : throw new InputException($"sweep {spec.Name}: repeats counts upwards from {SweepAxis.InitialSeed} {experiment.Initial.Seed}; room below 2^64 is expected.");
    }

    private (int[] Positions, int Repeat) PositionsOf(int raw)
    {
        int combination = raw / Spec.Repeats;
        var positions = new int[Spec.Axes.Count];
        for (int i = positions.Length - 1; i >= 0; i--)
        {
            int count = Spec.Axes[i].Values.Count;
            positions[i] = Spec.Combine == AxisCombination.Zip ? combination : combination % count;
            combination = Spec.Combine == AxisCombination.Zip ? combination : combination / count;
        }

        return (positions, raw % Spec.Repeats);
    }

    private bool IsExcluded(int raw)
    {
        int[] positions = PositionsOf(raw).Positions;
        return Spec.Exclude.Any(entry => Spec.Axes.Select((axis, i) => (axis.Key, Value: axis.Values[positions[i]])).All(pair => !entry.TryGetValue(pair.Key, out IReadOnlyList<string>? values) || values.Contains(pair.Value)));
    }
}
