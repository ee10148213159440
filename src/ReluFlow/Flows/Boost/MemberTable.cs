namespace ReluFlow.Flows.Boost;

/// <summary>Neurons of a plane as columns, in the order of their cells: a row is one neuron or a group of exactly parallel ones, of which it carries the common direction and the joint size.</summary>
/// <remarks>Columns are longer than <see cref="Count"/> by one vector, so that a load at the last row stays inside.</remarks>
internal sealed class MemberTable
{
    /// <summary>Room for a number of rows.</summary>
    public MemberTable(int capacity)
    {
        int length = capacity + MomentKernel.Lanes;
        W0 = new double[length];
        W1 = new double[length];
        A = new double[length];
        LogScale = new double[length];
        Pattern = new int[length];
        Carrier = new int[length];
    }

    /// <summary>Rows in use.</summary>
    public int Count { get; set; }

    /// <summary>w in units of e^ρ, first coordinate of the span.</summary>
    public double[] W0 { get; }

    /// <summary>w in units of e^ρ, second coordinate of the span.</summary>
    public double[] W1 { get; }

    /// <summary>a in units of e^ρ.</summary>
    public double[] A { get; }

    /// <summary>ρ; of a group ½ ln Σ e^{2ρ} over its neurons.</summary>
    public double[] LogScale { get; }

    /// <summary>The number of the gate pattern.</summary>
    public int[] Pattern { get; }

    /// <summary>The neuron, or the one that stands for a group.</summary>
    public int[] Carrier { get; }

    /// <summary>Copies a row of another table.</summary>
    public void CopyRow(int row, MemberTable source, int sourceRow)
    {
        W0[row] = source.W0[sourceRow];
        W1[row] = source.W1[sourceRow];
        A[row] = source.A[sourceRow];
        LogScale[row] = source.LogScale[sourceRow];
        Pattern[row] = source.Pattern[sourceRow];
        Carrier[row] = source.Carrier[sourceRow];
    }
}
