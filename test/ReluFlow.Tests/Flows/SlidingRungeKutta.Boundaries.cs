namespace ReluFlow.Tests.Flows;

/// <summary>What happens on boundaries.</summary>
internal sealed partial class SlidingRungeKutta
{
    /// <summary>New sides of neuron j: repelling boundaries that were hit are crossed, for the attracting ones the minimum-norm velocity decides.</summary>
    private void Resolve(int j, int[] hits, double[] v)
    {
        Residual(v);
        double size = Size(v, j);
        MetOrigin |= _normals.Count > 1 && Enumerable.Range(0, _normals.Count).All(p => Math.Abs(Height(v, j, p)) <= Near * size);
        var attracting = new List<int>();
        for (int p = 0; p < _normals.Count; p++)
        {
            bool here = _side[j, p] == Sliding || Math.Abs(Height(v, j, p)) <= Near * size;
            (double low, double high) = Range(v, j, p);
            if (here && low < high)
            {
                attracting.Add(p);
            }
            else if (hits.Contains(p))
            {
                Branched |= _side[j, p] == Sliding;
                SetSide(j, p, _side[j, p] == Sliding ? ClosedSide(p) : Math.Sign(Height(v, j, p)));
            }
        }

        if (attracting.Count > 0)
        {
            int[] sides = LeastVelocity(v, j, [.. attracting]);
            for (int i = 0; i < sides.Length; i++)
            {
                // A boundary at which the neuron merely stands and from which it moves away keeps its side.
                SetSide(j, attracting[i], sides[i]);
            }
        }

        MostAtOnce = Math.Max(MostAtOnce, _slides[j].Length);
    }

    private void SetSide(int j, int p, int side)
    {
        if (side != _side[j, p])
        {
            Events.Add((_time, j, Array.IndexOf(_plane, p), side));
            Slides += side == Sliding ? 1 : 0;
            _side[j, p] = side;
            _slides[j] = [.. Enumerable.Range(0, _normals.Count).Where(i => _side[j, i] == Sliding)];
        }
    }

    /// <summary>Brute force: each boundary on its positive side, on its negative side or free; the feasible choice of least ‖w'‖ wins.</summary>
    private int[] LeastVelocity(double[] v, int j, int[] planes)
    {
        double[] field = Field(v, j, planes);
        (double Low, double High)[] ranges = [.. planes.Select(p => Range(v, j, p))];
        double least = double.PositiveInfinity;
        int[] best = [];
        for (int code = 0; code < Math.Pow(3, planes.Length); code++)
        {
            int[] choice = [.. planes.Select((_, i) => (code / (int)Math.Pow(3, i) % 3) - 1)];
            var velocity = (double[])field.Clone();
            for (int i = 0; i < planes.Length; i++)
            {
                // The positive side has the lower coefficient: the boundary attracts.
                Add(velocity, choice[i] > 0 ? ranges[i].Low : choice[i] < 0 ? ranges[i].High : 0, _normals[planes[i]]);
            }

            int[] free = [.. Enumerable.Range(0, planes.Length).Where(i => choice[i] == Sliding)];
            double[] eta = Multipliers(velocity, [.. free.Select(i => planes[i])]);
            for (int f = 0; f < free.Length; f++)
            {
                Add(velocity, eta[f], _normals[planes[free[f]]]);
            }

            bool feasible = free.Select((i, f) => eta[f] >= ranges[i].Low && eta[f] <= ranges[i].High).All(inside => inside) && eta.All(double.IsFinite);
            double square = Dot(velocity, velocity);
            if (feasible && square < least)
            {
                (least, best) = (square, choice);
            }
        }

        return best;
    }

    /// <summary>w_j' by the samples that are not on the given boundaries.</summary>
    private double[] Field(double[] v, int j, int[] without)
    {
        var field = new double[_d];
        for (int k = 0; k < _n; k++)
        {
            if (_plane[k] >= 0 && IsActive(j, k) && !without.Contains(_plane[k]))
            {
                Add(field, Pull(v, j, k), _problem.Data.Inputs.Row(k));
            }
        }

        return field;
    }

    /// <summary>The coefficients of the boundary's normal in w_j' on its positive side and on its negative side. Low &lt; high: both sides push at it.</summary>
    private (double Positive, double Negative) Range(double[] v, int j, int p)
    {
        double positive = 0, negative = 0;
        for (int k = 0; k < _n; k++)
        {
            if (_plane[k] == p)
            {
                double pull = _norm[k] * Pull(v, j, k);
                (positive, negative) = _sign[k] > 0 ? (positive + pull, negative) : (positive, negative - pull);
            }
        }

        return (positive, negative);
    }

    /// <summary>η with velocity + Σ η_i u_i orthogonal to all u_i: Gauss elimination on the Gram matrix.</summary>
    private double[] Multipliers(ReadOnlySpan<double> velocity, int[] planes)
    {
        int size = planes.Length;
        if (size == 0)
        {
            return [];
        }

        var matrix = new double[size, size + 1];
        for (int i = 0; i < size; i++)
        {
            matrix[i, size] = -Dot(velocity, _normals[planes[i]]);
            for (int l = 0; l < size; l++)
            {
                matrix[i, l] = Dot(_normals[planes[i]], _normals[planes[l]]);
            }
        }

        for (int i = 0; i < size; i++)
        {
            for (int l = i + 1; l < size; l++)
            {
                double factor = matrix[l, i] / matrix[i, i];
                for (int e = i; e <= size; e++)
                {
                    matrix[l, e] -= factor * matrix[i, e];
                }
            }
        }

        var eta = new double[size];
        for (int i = size - 1; i >= 0; i--)
        {
            double sum = matrix[i, size];
            for (int l = i + 1; l < size; l++)
            {
                sum -= matrix[i, l] * eta[l];
            }

            eta[i] = matrix[i, i] > 1e-14 ? sum / matrix[i, i] : double.NaN;
        }

        return eta;
    }

    private (int Plane, int Sign) PlaneOf(double[] u)
    {
        for (int p = 0; p < _normals.Count; p++)
        {
            for (int sign = -1; sign <= 1; sign += 2)
            {
                if (u.Zip(_normals[p], (x, y) => Math.Abs(x - (sign * y))).Max() < 1e-14)
                {
                    return (p, sign);
                }
            }
        }

        _normals.Add(u);
        return (_normals.Count - 1, 1);
    }

    /// <summary>The side on which the samples of a boundary are not seen; where there are samples on both, none.</summary>
    private int ClosedSide(int p)
    {
        int[] signs = [.. Enumerable.Range(0, _n).Where(k => _plane[k] == p).Select(k => _sign[k]).Distinct()];
        return signs.Length == 1 ? -signs[0] : Closed;
    }
}
