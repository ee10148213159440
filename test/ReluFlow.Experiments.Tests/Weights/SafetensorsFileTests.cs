using System.Buffers.Binary;
using System.Text;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Weights;

namespace ReluFlow.Experiments.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    // A refusal needs the header and buffers of the platform.
    private const long CheapRefusal = 4 << 20;

    private const string Valid = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        double[] special = [0, -0.0, 5e-324, 1.7976931348623157e308, double.NaN, double.PositiveInfinity, 0.1, -1.0 / 3, 7];
        KeyValuePair<string, NpyArray>[] tensors = [new("empty", NpyArray.Of([0, 3], [])), new("α \"quoted\"", NpyArray.Of([3, 3], special)), new("scalar", NpyArray.Of([], [0.1]))];

        IReadOnlyDictionary<string, NpyArray> read = SafetensorsFile.Read(_files.Write("a.safetensors", Bytes(tensors, FloatFormat.Binary64)));

        read.Count.ShouldBe(3);
        foreach ((string name, NpyArray array) in tensors)
        {
            read[name].Shape.ShouldBe(array.Shape);
            read[name].Values.ShouldBe(array.Values);
        }
    }

    [PythonFact]
    public void Write_BothFormats_AreReadByAnIndependentReader()
    {
        double[] values = RandomNetworks.Values(6, 1);
        foreach (FloatFormat format in new[] { FloatFormat.Binary32, FloatFormat.Binary64 })
        {
            string path = _files.Write($"{format.Name}.safetensors", Bytes([new("m", NpyArray.Of([2, 3], values)), new("v", NpyArray.Of([6], values))], format));

            string[] lines = PythonOracle.RunFile("safetensors.py", "read", path).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            string hex = Convert.ToHexStringLower(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(values));
            lines.ShouldBe([$"m {format.Name} 2x3 {hex}", $"v {format.Name} 6 {hex}"]);
        }
    }

    [PythonFact]
    public void Read_EveryType_IsWhatAnIndependentWriterWrote()
    {
        PythonOracle.RunFile("safetensors.py", "write", _files["types.safetensors"]);

        IReadOnlyDictionary<string, NpyArray> arrays = SafetensorsFile.Read(_files["types.safetensors"]);

        string[] types = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"];
        arrays.Keys.Order(StringComparer.Ordinal).ShouldBe(types.Order(StringComparer.Ordinal));
        foreach (string type in types)
        {
            arrays[type].Shape.ShouldBe([2, 2], type);
            arrays[type].Values.ShouldBe(type == "BOOL" ? [0, 1, 0, 1] : type[0] == 'U' ? [0, 1, 2, 100] : type is "I8" or "I16" or "I32" or "I64" ? [0, 1, -2, 100] : [0, 1, -2.5, 100], type);
        }
    }

    [Theory]
    [InlineData("", "8 bytes expected, 0 found")]
    [InlineData("\u0001\u0002\u0003", "8 bytes expected, 3 found")]
    public void Read_NotEvenALength_SaysSo(string text, string expected) => Told(Encoding.Latin1.GetBytes(text)).ShouldContain(expected);

    [Fact]
    public void Read_HeaderClaimedTooLong_IsRefusedCheaply()
    {
        var bytes = new byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        Told(bytes).ShouldContain("the header claims 18446744073709551615 bytes; from 2 to 12 are expected in a safetensors file of 20 bytes");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 13);
        Told(bytes).ShouldContain("the header claims 13 bytes");
    }

    [Theory]
    [InlineData("""[1, 2]""", "begins with the byte 5b")]
    [InlineData("""{"x":""", "not the JSON")]
    [InlineData("""{"x":1}""", "tensor 'x' is 1; an object of dtype, shape and data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", "an object of dtype, shape and data_offsets is expected")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", "an object of dtype, shape and data_offsets is expected")]
    [InlineData("""{"x":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", "tensor 'x': dtype is \"F4\"; one of F64, F32")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "shape is [-2]; a list of whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9999999,9999999],"data_offsets":[0,8]}}""", "more elements than the 268435456 allowed")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets is [8,0]; two whole numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "shape (2,) of F32 takes 8 bytes; data_offsets gives it 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "begins at byte 4 after the header; 0 is expected")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"z":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'z' begins at byte 4 after the header; 8 is expected")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "the tensors take 4 bytes after the header, 8 found")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "not the JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}}""", "the tensors take 1073741824 bytes after the header, 8 found")]
    public void Read_MalformedHeader_IsOneClearLine(string header, string expected) => Told(File(header, new byte[8])).ShouldContain(expected);

    [Fact]
    public void Read_MetadataAndSpaces_ArePassedOver() =>
        SafetensorsFile.Read(_files.Write("a.safetensors", File("""{"__metadata__":{"format":"pt"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" + "   ", new byte[8]))).Keys.ShouldBe(["x"]);

    [Fact]
    public void Read_RandomDamage_IsToldOfOrRead() => Damage.ShouldBeToldOf(File(Valid, new byte[8]), bytes =>
    {
        using var stream = new MemoryStream(bytes);
        SafetensorsFile.Read(stream, "damaged");
    });

    [Fact]
    public void Write_TwoTensorsOfOneName_Throws() =>
        Should.Throw<ArgumentException>(() => Bytes([new("x", NpyArray.Of([], [1])), new("x", NpyArray.Of([], [2]))], FloatFormat.Binary32)).Message.ShouldContain("two tensors 'x'");

    private string Told(byte[] bytes)
    {
        string path = _files.Write("bad.safetensors", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Should.Throw<InputException>(() => SafetensorsFile.Read(path)).Message;
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(CheapRefusal);
        message.ShouldStartWith(path);
        message.ShouldNotContain('\n');
        return message;
    }

    private static byte[] File(string header, byte[] values)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. values];
    }

    private static byte[] Bytes(KeyValuePair<string, NpyArray>[] tensors, FloatFormat format)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors, format);
        return stream.ToArray();
    }
}
