using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <content>Which neuron is in which cell.</content>
internal sealed partial class LumpedNeurons
{
    /// <summary>A difference of squares below this share of them is rounding: the neuron is balanced.</summary>
    private const double BalanceRounding = 1e-14;

    private static void WriteGates(ReadOnlySpan<double> w, InputSpan span, Span<byte> gates)
    {
        for (int k = 0; k < span.Rays; k++)
        {
            gates[k] = ActivationPattern.IsActive(TensorPrimitives.Dot(w, span.Inputs.Row(span.SampleOfRay[k]))) ? Gate.Active : Gate.Inactive;
        }
    }

    private void Load(ReluNetwork start)
    {
        int d = start.InputDimension;
        var gates = new byte[_span.RayStride];
        _now.Count = start.Width;
        for (int j = 0; j < start.Width; j++)
        {
            ReadOnlySpan<double> w = start.InputWeights.Row(j);
            for (int i = 0; i < _span.Rank; i++)
            {
                _now.W[i][j] = TensorPrimitives.Dot(w, _span.Basis.AsSpan(i * d, d));
            }

            _now.A[j] = start.OutputWeights[j, 0];
            _now.LogScale[j] = start.LogScales[j];
            _now.Carrier[j] = j;
            WriteGates(w, _span, gates);
            _now.Pattern[j] = _patterns.NumberOf(gates);
            double a2 = _now.A[j] * _now.A[j], w2 = _now.SquaredNorm(j);
            _startBalance[j] = Math.Abs(a2 - w2) <= BalanceRounding * (a2 + w2) ? 0 : a2 - w2;
        }
    }

    private static int KeyOf(MemberTable table, int row) => (2 * table.Pattern[row]) + (table.A[row] < 0 ? 1 : 0);

    private bool IsSorted()
    {
        foreach (Cell cell in _cells)
        {
            int key = (2 * cell.Pattern) + (cell.Sign < 0 ? 1 : 0);
            for (int row = cell.First; row < cell.First + cell.Count; row++)
            {
                if (KeyOf(_now, row) != key)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Rows in the order of their cells, those of a cell in the order they had. In a plane balanced neurons that slide along one half-line become one row.</summary>
    private void Sort()
    {
        int count = _now.Count;
        var ends = new int[(2 * _patterns.Count) + 1];
        for (int row = 0; row < count; row++)
        {
            ends[KeyOf(_now, row) + 1]++;
        }

        for (int key = 1; key < ends.Length; key++)
        {
            ends[key] += ends[key - 1];
        }

        for (int row = 0; row < count; row++)
        {
            int to = ends[KeyOf(_now, row)]++;
            _next.CopyRow(to, _now, row);
            _sortedRates[to] = _rates[row];
        }

        // Behind the last of its rows each key now has their end.
        (_now, _next) = (_next, _now);
        (_rates, _sortedRates) = (_sortedRates, _rates);
        _now.Count = count;
        if (_span.Rank == Plane)
        {
            JoinParallel();
        }
    }

    private void JoinParallel()
    {
        int kept = 0, joint = -1;
        for (int row = 0; row < _now.Count; row++)
        {
            bool joins = _patterns[_now.Pattern[row]].IsLine && _startBalance[_now.Carrier[row]] == 0;
            if (joins && joint >= 0 && KeyOf(_now, joint) == KeyOf(_now, row))
            {
                (_now.Carrier[joint], _now.LogScale[joint]) = _groups.Join((_now.Carrier[joint], _now.LogScale[joint]), (_now.Carrier[row], _now.LogScale[row]));
                continue;
            }

            _now.CopyRow(kept, _now, row);
            _rates[kept] = _rates[row];
            joint = joins ? kept : joint;
            kept++;
        }

        _now.Count = kept;
    }

    /// <summary>What follows from the rows: balances and weights in present units, the cells with their moments.</summary>
    private void MeasureCells()
    {
        _cells = [];
        for (int first = 0; first < _now.Count;)
        {
            int end = first, key = KeyOf(_now, first);
            double unit = double.NegativeInfinity;
            for (; end < _now.Count && KeyOf(_now, end) == key; end++)
            {
                unit = Math.Max(unit, _now.LogScale[end]);
                _rowOfCarrier[_now.Carrier[end]] = end;
            }

            var moment = new CellMoment(_span.Rank);
            for (int row = first; row < end; row++)
            {
                int carrier = _now.Carrier[row];
                _balance[row] = _startBalance[carrier] == 0 ? 0 : _startBalance[carrier] * Math.Exp(2 * (_start.LogScales[carrier] - _now.LogScale[row]));
                _weight[row] = Math.Exp(2 * (_now.LogScale[row] - unit));
                moment.Add(_weight[row], _now, row);
            }

            _cells.Add(new Cell(_now.Pattern[first], key % 2 == 0 ? 1 : -1, first, end - first, unit, moment));
            first = end;
        }

        _sweep.Divide(_cells);
    }
}
