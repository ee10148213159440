namespace ReluFlow.Experiments.Data;

/// <summary>The formats of data files.</summary>
public enum DataFormat
{
    /// <summary>NumPy arrays X (n × d) and y (n or n × c).</summary>
    Npz,

    /// <summary>Comma-separated numbers, the last column y, with or without a line of names; gzip too.</summary>
    Csv,

    /// <summary>IDX images (unsigned bytes, 3 dimensions) with a second file of labels, as MNIST has it; gzip too.</summary>
    Idx,

    /// <summary>CIFAR-10 binary: records of a label byte and 3 · 32 · 32 pixel bytes; gzip too.</summary>
    Cifar10,
}
