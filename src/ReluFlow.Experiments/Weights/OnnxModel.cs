namespace ReluFlow.Experiments.Weights;

/// <summary>Two dense layers as an ONNX model: input <c>x</c> (N × d), Gemm, Relu, Gemm, output <c>y</c> (N × c) for any number N of rows.</summary>
/// <remarks>Field numbers are those of ONNX's public message definitions. Operator set 13 with file format 7 is read by every runtime since 2021.</remarks>
internal static class OnnxModel
{
    private const long FormatVersion = 7, OperatorSet = 13;

    // Values of TensorProto.DataType and AttributeProto.AttributeType.
    private const long Float = 1, Double = 11, IntegerAttribute = 2;

    // Messages hold less than 2 GiB.
    private const long MostBytes = 1L << 30;

    /// <summary>Writes a model; the same layers give the same bytes.</summary>
    /// <exception cref="InputException">It would be too large for the format.</exception>
    public static void Write(Stream stream, DenseLayers layers, FloatFormat format)
    {
        long bytes = format.Size * ((long)layers.HiddenWeights.Values.Length + layers.OutputWeights.Values.Length);
        if (bytes > MostBytes)
        {
            throw new InputException($"the weights take {bytes} bytes; an ONNX file holds at most {MostBytes} here, another format is expected.");
        }

        ProtobufWriter model = Message().Integer(1, FormatVersion)
            .Text(2, "ReluFlow")
            .Message(7, Graph(layers, format))
            .Message(8, Message().Text(1, "").Integer(2, OperatorSet));
        stream.Write(model.Written);
    }

    private static ProtobufWriter Graph(DenseLayers layers, FloatFormat format)
    {
        (int m, int d, int c) = (layers.HiddenWeights.Rows, layers.HiddenWeights.Columns, layers.OutputWeights.Rows);
        ProtobufWriter graph = Message()
            .Message(1, Gemm("hidden", ["x", "W", .. Named(layers.HiddenBias, "b")], "z"))
            .Message(1, Node("relu", "Relu", ["z"], "h"))
            .Message(1, Gemm("output", ["h", "A", .. Named(layers.OutputBias, "beta")], "y"))
            .Text(2, "one-hidden-layer-relu")
            .Message(5, Tensor("W", [m, d], layers.HiddenWeights.Values, format))
            .Message(5, Tensor("A", [c, m], layers.OutputWeights.Values, format));
        if (layers.HiddenBias is { } b)
        {
            graph.Message(5, Tensor("b", [b.Length], b, format));
        }

        if (layers.OutputBias is { } beta)
        {
            graph.Message(5, Tensor("beta", [beta.Length], beta, format));
        }

        return graph.Message(11, Batch("x", d, format)).Message(12, Batch("y", c, format));
    }

    private static string[] Named(double[]? bias, string name) => bias is null ? [] : [name];

    // x Wᵀ + b: the second factor is transposed.
    private static ProtobufWriter Gemm(string name, string[] inputs, string output) =>
        Node(name, "Gemm", inputs, output).Message(5, Message().Text(1, "transB").Integer(3, 1).Integer(20, IntegerAttribute));

    private static ProtobufWriter Node(string name, string operation, string[] inputs, string output)
    {
        ProtobufWriter node = Message();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(3, name).Text(4, operation);
    }

    private static ProtobufWriter Tensor(string name, int[] shape, ReadOnlySpan<double> values, FloatFormat format)
    {
        ProtobufWriter tensor = Message();
        foreach (int length in shape)
        {
            tensor.Integer(1, length);
        }

        return tensor.Integer(2, TypeCode(format)).Text(8, name).Bytes(9, format.Encode(values));
    }

    // N × columns of a number of rows that has a name instead of a value.
    private static ProtobufWriter Batch(string name, int columns, FloatFormat format)
    {
        ProtobufWriter shape = Message().Message(1, Message().Text(2, "N")).Message(1, Message().Integer(1, columns));
        return Message().Text(1, name).Message(2, Message().Message(1, Message().Integer(1, TypeCode(format)).Message(2, shape)));
    }

    private static long TypeCode(FloatFormat format) => format == FloatFormat.Binary32 ? Float : Double;

    private static ProtobufWriter Message() => new();
}
