namespace ReluFlow.Flows.Boost;

/// <summary>All gate patterns that have been met, in a plane with those a crossing or a slide leads to.</summary>
/// <remarks>There a pattern brings its neighbours along, so that while threads follow neurons through them nothing is added and numbers do not depend on who comes first.</remarks>
internal sealed class GatePatterns(InputSpan span)
{
    private readonly List<GatePattern> _patterns = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly bool _hasNeighbours = span.Rank == LumpedNeurons.Plane && span.Opposite.All(k => k < 0);

    /// <summary>How many there are.</summary>
    public int Count => _patterns.Count;

    /// <summary>A pattern by its number.</summary>
    public GatePattern this[int number] => _patterns[number];

    /// <summary>What tells patterns apart.</summary>
    public static string KeyOf(ReadOnlySpan<byte> gates) => string.Create(gates.Length, gates, static (key, source) =>
    {
        for (int k = 0; k < source.Length; k++)
        {
            key[k] = (char)source[k];
        }
    });

    /// <summary>The number of the pattern with given gates; new ones are added, in a plane with all that can be reached from them.</summary>
    public int NumberOf(ReadOnlySpan<byte> gates)
    {
        if (_numbers.TryGetValue(KeyOf(gates), out int known))
        {
            return known;
        }

        int number = Add(gates);
        for (int i = number; i < _patterns.Count; i++)
        {
            Connect(_patterns[i]);
        }

        return number;
    }

    private int Add(ReadOnlySpan<byte> gates)
    {
        string key = KeyOf(gates);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _patterns.Count;
            _patterns.Add(GatePattern.Of(gates, span));
            _numbers.Add(key, number);
        }

        return number;
    }

    private void Connect(GatePattern pattern)
    {
        byte[] gates = [.. pattern.Gates];
        int With(int ray, byte gate)
        {
            byte before = gates[ray];
            gates[ray] = gate;
            int number = Add(gates);
            gates[ray] = before;
            return number;
        }

        if (!_hasNeighbours || !pattern.IsRegular)
        {
            return;
        }

        if (pattern.Sliding >= 0)
        {
            (pattern.Closed, pattern.Open) = (With(pattern.Sliding, Gate.Inactive), With(pattern.Sliding, Gate.Active));
            return;
        }

        pattern.Across = [.. pattern.Bounds.Select(bound => With(bound.Ray, gates[bound.Ray] == Gate.Active ? Gate.Inactive : Gate.Active))];
        pattern.Along = [.. pattern.Bounds.Select(bound => With(bound.Ray, Gate.Sliding))];
    }
}
