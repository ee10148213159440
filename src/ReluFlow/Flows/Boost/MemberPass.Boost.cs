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
        int nodes = boost.Nodes.Length;
        if (_sums.Length < SumsOfMoment * (nodes + 1))
        {
            _sums = new Vector512<double>[SumsOfMoment * (nodes + 1)];
        }

        Array.Clear(_sums, 0, SumsOfMoment * (nodes + 1));
        Vector512<double> plusSquares = default, minusSquares = default;
        MemberTable from = columns.From;
        double decay = Math.Exp(-boost.Rapidity);
        for (int row = chunk.First; row < chunk.First + chunk.Count; row += Lanes)
        {
            Vector512<double> w0 = Load(from.W0, row), w1 = Load(from.W1, row), a = Load(from.A, row), balance = Load(columns.Balance, row);
            LightCone cone = LightCone.Of(boost, (w0, w1, a, balance), pattern.Sliding >= 0);
            (Vector512<double> x0, Vector512<double> x1, Vector512<double> b) = cone.At(boost.Rapidity);
            Vector512<double> leaves = Crosses(cone, boost, pattern, (x0, x1, b)) | Vector512.LessThan(a * b, default);
            int last = Math.Min(Lanes, chunk.First + chunk.Count - row);
            ulong rows = (1UL << last) - 1, movers = leaves.ExtractMostSignificantBits() & rows;
            ListMovers(chunk, row, movers);
            Vector512<double> weight = Vector512.ConditionalSelect(MaskOf(rows & ~movers), Load(columns.Weight, row), default);
            for (int i = 0; i < nodes; i++)
            {
                (Vector512<double> y0, Vector512<double> y1, Vector512<double> c) = cone.At(boost.Nodes[i]);
                AddMoment(_sums.AsSpan(SumsOfMoment * i, SumsOfMoment), weight, y0, y1, c);
            }

            AddMoment(_sums.AsSpan(SumsOfMoment * nodes, SumsOfMoment), weight, x0, x1, b);
            plusSquares += weight * cone.Plus * cone.Plus;
            minusSquares += weight * cone.Minus * cone.Minus;
            if (request.Moves)
            {
                // In units of e^{ρ + E}; what points exactly away shrinks without turning and keeps its bits.
                Vector512<double> scaled = balance * (decay * decay), scale = Load(from.LogScale, row) + Vector512.Create(boost.Rapidity);
                Hold(pattern, ref x0, ref x1);
                Restore(scaled, ref x0, ref x1, ref b);
                Vector512<double> still = cone.ShrinksOnly;
                Store(
                    columns.To,
                    row,
                    last,
                    (Vector512.ConditionalSelect(still, w0, x0), Vector512.ConditionalSelect(still, w1, x1), Vector512.ConditionalSelect(still, a, b),
                        Vector512.ConditionalSelect(still, Load(from.LogScale, row) - Vector512.Create(boost.Rapidity), scale)),
                    balance);
            }
        }

        for (int i = 0; i <= nodes; i++)
        {
            chunk.Moments.Add(MomentOf(_sums.AsSpan(SumsOfMoment * i, SumsOfMoment)));
        }

        chunk.LightCone = (Vector512.Sum(plusSquares), Vector512.Sum(minusSquares));
    }

    /// <summary>Lanes in which a bound is below 0 at the end and was moved towards it: κ is monotone while a keeps its sign.</summary>
    private static Vector512<double> Crosses(in LightCone cone, CellBoost boost, GatePattern pattern, (Vector512<double> W0, Vector512<double> W1, Vector512<double> A) end)
    {
        Vector512<double> along = cone.AdvanceAt(boost.Rapidity), crosses = default;
        Vector512<double> size = Vector512.Max(Vector512.Sqrt((cone.W0 * cone.W0) + (cone.W1 * cone.W1)) * Math.Exp(-boost.Rapidity), Vector512.Abs(end.A));
        foreach (PatternBound bound in pattern.Bounds)
        {
            double q = (bound.Normal0 * boost.D0) + (bound.Normal1 * boost.D1);
            Vector512<double> height = (end.W0 * bound.Normal0) + (end.W1 * bound.Normal1);
            crosses |= Vector512.LessThan(height, size * (-BoundaryRounding * bound.Norm)) & Vector512.LessThan(along * q, default);
        }

        return Vector512.AndNot(crosses, cone.ShrinksOnly);
    }

    /// <summary>
    /// Eight neurons in coordinates of the light cone: l± = p ± a with p = ⟨w, D̂⟩ grow by e^{±E}, and l₊ l₋ = −(‖w_⊥‖² + C) is conserved; the smaller is taken from it, since a
    /// difference would lose it. Positions are in units of e^E.
    /// </summary>
    private readonly record struct LightCone(
        Vector512<double> W0, Vector512<double> W1, Vector512<double> A, Vector512<double> D0, Vector512<double> D1, Vector512<double> Plus, Vector512<double> Minus, Vector512<double> ShrinksOnly)
    {
        public static LightCone Of(CellBoost boost, (Vector512<double> W0, Vector512<double> W1, Vector512<double> A, Vector512<double> Balance) v, bool onLine)
        {
            Vector512<double> p = (v.W0 * boost.D0) + (v.W1 * boost.D1), across = onLine ? default : (v.W0 * boost.D1) - (v.W1 * boost.D0);
            Vector512<double> product = -((across * across) + v.Balance);
            Vector512<double> ahead = Vector512.GreaterThanOrEqual(p * v.A, default), large = Vector512.ConditionalSelect(ahead, p + v.A, p - v.A);
            Vector512<double> small = Vector512.ConditionalSelect(Vector512.Equals(large, default), default, product / large);
            Vector512<double> plus = Vector512.ConditionalSelect(ahead, large, small), minus = Vector512.ConditionalSelect(ahead, small, large);
            Vector512<double> shrinks = onLine ? Vector512.Equals(plus, default) & Vector512.Equals(v.Balance, default) : default;
            return new LightCone(v.W0, v.W1, v.A, Vector512.Create(boost.D0), Vector512.Create(boost.D1), plus, minus, shrinks);
        }

        /// <summary>e^{−E} (p(E) − p(0)).</summary>
        public Vector512<double> AdvanceAt(double rapidity)
        {
            double decay = Math.Exp(-rapidity), loss = rapidity < 1 ? -2 * Math.Sinh(rapidity / 2) * Math.Exp(-rapidity / 2) : decay - 1;
            return ((Minus * decay) - Plus) * (loss / 2);
        }

        /// <summary>e^{−E} v(E).</summary>
        public (Vector512<double> W0, Vector512<double> W1, Vector512<double> A) At(double rapidity)
        {
            double decay = Math.Exp(-rapidity);
            Vector512<double> along = AdvanceAt(rapidity), square = Vector512.Create(decay * decay);
            return (
                Vector512.ConditionalSelect(ShrinksOnly, W0 * square, (W0 * decay) + (along * D0)),
                Vector512.ConditionalSelect(ShrinksOnly, W1 * square, (W1 * decay) + (along * D1)),
                Vector512.ConditionalSelect(ShrinksOnly, A * square, (Plus - (Minus * square)) * Half));
        }
    }
}
