using ReluFlow.Flows;

namespace ReluFlow.Neurons;

/// <summary>From the strongest neuron on, each joins the first cluster whose strongest neuron it is similar to, or begins a cluster.</summary>
/// <remarks>
/// Neurons are compared with the leaders 32 at a time by a matrix product, which for ten thousand clusters is what makes it usable. The product is only a sieve: it
/// is at least the similarity up to rounding, and the similarity itself decides.
/// </remarks>
internal sealed class LeaderClustering
{
    // Products of unit vectors round at 1e-16 times the root of their length.
    private const double Sieve = 1e-12;

    private readonly UnitWeights _weights;
    private readonly double _cosine;
    private readonly List<List<int>> _clusters = [];
    private readonly double[] _panel;
    private double[] _leaders = [];
    private double[] _products = [];
    private TiledMatrix _tiles = new(0, 0);

    private LeaderClustering(UnitWeights weights, double cosine)
    {
        _weights = weights;
        _cosine = cosine;
        _panel = new double[weights.Rows.Columns * PanelProduct.Lanes];
    }

    public static IEnumerable<NeuronCluster> Of(UnitWeights weights, double cosine)
    {
        var clustering = new LeaderClustering(weights, cosine);
        for (int first = 0; first < weights.Neurons.Count; first += PanelProduct.Lanes)
        {
            clustering.Sort(first, Math.Min(PanelProduct.Lanes, weights.Neurons.Count - first));
        }

        return clustering._clusters.Select(rows => new NeuronCluster([.. rows.Select(row => weights.Neurons[row])]));
    }

    private void Sort(int first, int count)
    {
        int known = _clusters.Count;
        MultiplyLeaders(first, count, known);
        for (int lane = 0; lane < count; lane++)
        {
            int row = first + lane;
            int cluster = Find(lane, row, known);
            if (cluster < 0)
            {
                Begin(row);
            }
            else
            {
                _clusters[cluster].Add(row);
            }
        }
    }

    private void MultiplyLeaders(int first, int count, int known)
    {
        int length = _weights.Rows.Columns;
        for (int lane = 0; lane < count; lane++)
        {
            ReadOnlySpan<double> row = _weights.Rows.Row(first + lane);
            for (int i = 0; i < length; i++)
            {
                _panel[(i * PanelProduct.Lanes) + lane] = row[i];
            }
        }

        if (known == 0)
        {
            return;
        }

        if (_products.Length < TiledMatrix.Padded(known) * PanelProduct.Lanes)
        {
            _tiles = new TiledMatrix(2 * known, length);
            _products = new double[TiledMatrix.Padded(2 * known) * PanelProduct.Lanes];
        }

        _tiles.Take(_leaders, (length, 1), known, length);
        PanelProduct.Multiply(_tiles, _panel, _products);
    }

    private int Find(int lane, int row, int known)
    {
        for (int cluster = 0; cluster < _clusters.Count; cluster++)
        {
            bool possible = cluster >= known || _products[(cluster * PanelProduct.Lanes) + lane] >= _cosine - Sieve;
            if (possible && _weights.Similarity(_clusters[cluster][0], row) >= _cosine)
            {
                return cluster;
            }
        }

        return -1;
    }

    private void Begin(int row)
    {
        int length = _weights.Rows.Columns, offset = _clusters.Count * length;
        if (_leaders.Length < offset + length)
        {
            Array.Resize(ref _leaders, (int)Math.Min(2L * (offset + length), (long)_weights.Rows.Rows * length));
        }

        _weights.Rows.Row(row).CopyTo(_leaders.AsSpan(offset));
        _clusters.Add([row]);
    }
}
