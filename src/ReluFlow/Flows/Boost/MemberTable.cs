namespace ReluFlow.Flows.Boost;

/// <summary>Neurons as columns, in the order of their cells: a row is one neuron or a group of exactly parallel ones, of which it carries the common direction and the joint size.</summary>
/// <remarks>Columns are longer than <see cref="Count"/> by one vector, so that a load at the last row stays inside.</remarks>
internal sealed class MemberTable
{
    /// <summary>Room for a number of rows.</summary>
    /// <param name="capacity">How many.</param>
    /// <param name="rank">r, the coordinates of w.</param>
    public MemberTable(int capacity, int rank)
    {
        int length = capacity + MomentKernel.Lanes;
        W = [.. Enumerable.Range(0, rank).Select(_ => new double[length])];
        A = new double[length];
        LogScale = new double[length];
        Pattern = new int[length];
        Carrier = new int[length];
    }

    /// <summary>Rows in use.</summary>
    public int Count { get; set; }

    /// <summary>w in units of e^ρ: a column for each coordinate of the span.</summary>
    public double[][] W { get; }

    /// <summary>a in units of e^ρ.</summary>
    public double[] A { get; }

    /// <summary>ρ; of a group ½ ln Σ e^{2ρ} over its neurons.</summary>
    public double[] LogScale { get; }

    /// <summary>The number of the gate pattern.</summary>
    public int[] Pattern { get; }

    /// <summary>The neuron, or the one that stands for a group.</summary>
    public int[] Carrier { get; }

    /// <summary>‖w‖² of a row, in units of e^{2ρ}.</summary>
    public double SquaredNorm(int row)
    {
        double sum = 0;
        foreach (double[] column in W)
        {
            sum += column[row] * column[row];
        }

        return sum;
    }

    /// <summary>Writes w of a row.</summary>
    public void CopyWeights(int row, Span<double> w)
    {
        for (int i = 0; i < W.Length; i++)
        {
            w[i] = W[i][row];
        }
    }

    /// <summary>Copies a row of another table.</summary>
    public void CopyRow(int row, MemberTable source, int sourceRow)
    {
        for (int i = 0; i < W.Length; i++)
        {
            W[i][row] = source.W[i][sourceRow];
        }

        A[row] = source.A[sourceRow];
        LogScale[row] = source.LogScale[sourceRow];
        Pattern[row] = source.Pattern[sourceRow];
        Carrier[row] = source.Carrier[sourceRow];
    }
}
