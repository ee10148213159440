using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <content>A constant signal: the closed form of one Lorentz boost, over any length of time, as for a single neuron.</content>
internal sealed partial class MemberPass
{
    /// <summary>Wrong-sided pre-activations below this share of ‖w‖‖x‖ are rounding, not crossings.</summary>
    private const double BoundaryRounding = 2e-15;

    private static Vector512<double> Half => Vector512.Create(0.5);

    private void MoveByBoost(MemberChunk chunk, GatePattern pattern, CellBoost boost, in Columns columns, PropagationRequest request)
    {
        int nodes = boost.Nodes.Length, size = _rank + 1;
        BeginSums(nodes + 1);
        if (_along.Length < 3 * size)
        {
            _along = new Vector512<double>[3 * size];
        }

        Span<Vector512<double>> v = _along.AsSpan(0, size), at = _along.AsSpan(size, size), end = _along.AsSpan(2 * size, size);
        Vector512<double> plusSquares = default, minusSquares = default;
        MemberTable from = columns.From;
        double decay = Math.Exp(-boost.Rapidity);
        for (int row = chunk.First; row < chunk.First + chunk.Count; row += Lanes)
        {
            Vector512<double> balance = Load(columns.Balance, row);
            Load(from, row, v);
            LightCone cone = LightCone.Of(boost, v, balance, pattern.IsLine);
            cone.WriteAt(boost.Rapidity, end);
            Vector512<double> leaves = Crosses(cone, boost, pattern, end) | Vector512.LessThan(v[_rank] * end[_rank], default);
            int last = Math.Min(Lanes, chunk.First + chunk.Count - row);
            ulong rows = (1UL << last) - 1, movers = leaves.ExtractMostSignificantBits() & rows;
            ListMovers(chunk, row, movers);
            Vector512<double> weight = Vector512.ConditionalSelect(MaskOf(rows & ~movers), Load(columns.Weight, row), default);
            for (int i = 0; i < nodes; i++)
            {
                cone.WriteAt(boost.Nodes[i], at);
                AddMoment(i, weight, at);
            }

            AddMoment(nodes, weight, end);
            plusSquares += weight * cone.Plus * cone.Plus;
            minusSquares += weight * cone.Minus * cone.Minus;
            if (request.Moves)
            {
                // In units of e^{ρ + E}; what points exactly away shrinks without turning and keeps its bits.
                Vector512<double> scaled = balance * (decay * decay), scale = Load(from.LogScale, row) + Vector512.Create(boost.Rapidity);
                Hold(pattern, end[.._rank]);
                Restore(scaled, end);
                Vector512<double> still = cone.ShrinksOnly;
                for (int i = 0; i < size; i++)
                {
                    end[i] = Vector512.ConditionalSelect(still, v[i], end[i]);
                }

                Store(columns.To, (row, last), end, Vector512.ConditionalSelect(still, Load(from.LogScale, row) - Vector512.Create(boost.Rapidity), scale), balance);
            }
        }

        AddMomentsTo(chunk, nodes + 1);
        chunk.LightCone = (Vector512.Sum(plusSquares), Vector512.Sum(minusSquares));
    }

    /// <summary>Lanes in which a bound is below 0 at the end and was moved towards it: κ is monotone while a keeps its sign.</summary>
    private static Vector512<double> Crosses(in LightCone cone, CellBoost boost, GatePattern pattern, ReadOnlySpan<Vector512<double>> end)
    {
        Vector512<double> along = cone.AdvanceAt(boost.Rapidity), crosses = default;
        Vector512<double> size = Vector512.Max(Vector512.Sqrt(SquaredNorm(cone.V[..^1])) * Math.Exp(-boost.Rapidity), Vector512.Abs(end[^1]));
        for (int b = 0; b < pattern.Bounds.Length; b++)
        {
            PatternBound bound = pattern.Bounds[b];
            crosses |= Vector512.LessThan(Combine(bound.Normal, end), size * (-BoundaryRounding * bound.Norm)) & Vector512.LessThan(along * boost.Fall[b], default);
        }

        return Vector512.AndNot(crosses, cone.ShrinksOnly);
    }

    /// <summary>
    /// Eight neurons in coordinates of the light cone: l± = p ± a with p = ⟨w, D̂⟩ grow by e^{±E}, and l₊ l₋ = −(‖w_⊥‖² + C) is conserved; the smaller is taken from it, since a
    /// difference would lose it. Positions are in units of e^E.
    /// </summary>
    private readonly ref struct LightCone
    {
        private readonly double[] _direction;

        private LightCone(double[] direction, ReadOnlySpan<Vector512<double>> v, Vector512<double> plus, Vector512<double> minus, Vector512<double> shrinksOnly)
        {
            _direction = direction;
            V = v;
            Plus = plus;
            Minus = minus;
            ShrinksOnly = shrinksOnly;
        }

        public ReadOnlySpan<Vector512<double>> V { get; }

        public Vector512<double> Plus { get; }

        public Vector512<double> Minus { get; }

        public Vector512<double> ShrinksOnly { get; }

        public static LightCone Of(CellBoost boost, ReadOnlySpan<Vector512<double>> v, Vector512<double> balance, bool onLine)
        {
            Vector512<double> a = v[^1], p = Combine(boost.Direction, v), product = -((onLine ? default : SquareAcross(boost.Direction, v)) + balance);
            Vector512<double> ahead = Vector512.GreaterThanOrEqual(p * a, default), large = Vector512.ConditionalSelect(ahead, p + a, p - a);
            Vector512<double> small = Vector512.ConditionalSelect(Vector512.Equals(large, default), default, product / large);
            Vector512<double> plus = Vector512.ConditionalSelect(ahead, large, small), minus = Vector512.ConditionalSelect(ahead, small, large);
            Vector512<double> shrinks = onLine ? Vector512.Equals(plus, default) & Vector512.Equals(balance, default) : default;
            return new LightCone(boost.Direction, v, plus, minus, shrinks);
        }

        /// <summary>e^{−E} (p(E) − p(0)).</summary>
        public Vector512<double> AdvanceAt(double rapidity)
        {
            double decay = Math.Exp(-rapidity), loss = rapidity < 1 ? -2 * Math.Sinh(rapidity / 2) * Math.Exp(-rapidity / 2) : decay - 1;
            return ((Minus * decay) - Plus) * (loss / 2);
        }

        /// <summary>Writes e^{−E} v(E).</summary>
        public void WriteAt(double rapidity, Span<Vector512<double>> to)
        {
            double decay = Math.Exp(-rapidity);
            Vector512<double> along = AdvanceAt(rapidity), square = Vector512.Create(decay * decay);
            for (int i = 0; i < _direction.Length; i++)
            {
                to[i] = Vector512.ConditionalSelect(ShrinksOnly, V[i] * square, (V[i] * decay) + (along * _direction[i]));
            }

            to[^1] = Vector512.ConditionalSelect(ShrinksOnly, V[^1] * square, (Plus - (Minus * square)) * Half);
        }

        /// <summary>‖w_⊥‖² = ‖w‖² − p² = Σ_{i &lt; l} (w_i D̂_l − w_l D̂_i)² (Lagrange): no difference of squares.</summary>
        private static Vector512<double> SquareAcross(double[] direction, ReadOnlySpan<Vector512<double>> w)
        {
            Vector512<double> sum = default;
            for (int i = 0; i < direction.Length; i++)
            {
                for (int l = i + 1; l < direction.Length; l++)
                {
                    Vector512<double> across = (w[i] * direction[l]) - (w[l] * direction[i]);
                    sum += across * across;
                }
            }

            return sum;
        }
    }
}
