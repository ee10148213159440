using ReluFlow.Experiments.Weights;

namespace ReluFlow.Experiments.Tests.Weights;

/// <summary>Against the examples of the public description of the wire format.</summary>
public class ProtobufWriterTests
{
    [Fact]
    public void Integer_HundredAndFifty_TakesTwoBytesAfterTheTag() => Hex(new ProtobufWriter().Integer(1, 150)).ShouldBe("089601");

    [Fact]
    public void Integer_MinusTwo_TakesTenBytes() => Hex(new ProtobufWriter().Integer(1, -2)).ShouldBe("08feffffffffffffffff01");

    [Fact]
    public void Integer_FieldAboveFifteen_HasATagOfTwoBytes() => Hex(new ProtobufWriter().Integer(20, 2)).ShouldBe("a00102");

    [Fact]
    public void Text_Testing_IsLengthAndBytes() => Hex(new ProtobufWriter().Text(2, "testing")).ShouldBe("120774657374696e67");

    [Fact]
    public void Message_Inside_IsLengthAndItsBytes() => Hex(new ProtobufWriter().Message(3, new ProtobufWriter().Integer(1, 150))).ShouldBe("1a03089601");

    [Fact]
    public void Bytes_ThreeHundred_HaveALengthOfTwoBytes()
    {
        string hex = Hex(new ProtobufWriter().Bytes(4, new byte[300]));

        hex.ShouldStartWith("22ac02");
        hex.Length.ShouldBe(2 * (3 + 300));
    }

    private static string Hex(ProtobufWriter writer) => Convert.ToHexStringLower(writer.Written);
}
