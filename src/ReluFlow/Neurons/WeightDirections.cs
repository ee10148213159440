namespace ReluFlow.Neurons;

/// <summary>Which weights two neurons must share the direction of to count as equivalent.</summary>
public enum WeightDirections
{
    /// <summary>The total weight vector (w_j, a_j): similarity is its cosine. Source: [Race]. The measure for balanced neurons.</summary>
    Total,

    /// <summary>
    /// Incoming and outgoing weights separately, each at its own norm: similarity is the smaller of the two cosines. For neurons with ‖w_j‖ far from ‖a_j‖, whose total
    /// weights hide one of the two. With one output it is the cosine of w among neurons of one sign.
    /// </summary>
    IncomingAndOutgoing,

    /// <summary>Incoming weights alone, whatever the outputs. Neurons of one incoming direction compute the same feature, and merge into one without loss.</summary>
    Incoming,
}
