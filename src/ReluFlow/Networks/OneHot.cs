namespace ReluFlow.Networks;

/// <summary>Targets that name one of c ≥ 2 classes: 1 in its place and 0 elsewhere.</summary>
public static class OneHot
{
    /// <summary>The class that a target (length c) names; −1 where it is not one-hot.</summary>
    public static int ClassOf(ReadOnlySpan<double> target)
    {
        int named = target.IndexOf(1);
        return target.Length > 1 && named >= 0 && !target[..named].ContainsAnyExcept(0) && !target[(named + 1)..].ContainsAnyExcept(0) ? named : -1;
    }

    /// <summary>Whether every row of the targets (n × c) names a class.</summary>
    /// <exception cref="ArgumentNullException">No targets.</exception>
    public static bool Is(Matrix targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        int k = 0;
        while (k < targets.Rows && ClassOf(targets.Row(k)) >= 0)
        {
            k++;
        }

        return k == targets.Rows;
    }

    /// <summary>Targets (n × c) of given classes, each from 0 to c − 1.</summary>
    /// <param name="classes">One class a sample.</param>
    /// <param name="count">c ≥ 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class is none of 0 … c − 1, or c is below 2.</exception>
    public static Matrix Of(ReadOnlySpan<int> classes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var targets = new double[classes.Length * count];
        for (int k = 0; k < classes.Length; k++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)classes[k], (uint)count, nameof(classes));
            targets[(k * count) + classes[k]] = 1;
        }

        return Matrix.TakeOwnership(classes.Length, count, targets);
    }
}
