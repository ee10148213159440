using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Cli.Tests;

public class LossPictureTests
{
    private static readonly ReluNetwork s_network = ReluNetwork.FromWeights(Matrix.Column(1), Matrix.Column(1));

    [Fact]
    public void Draw_StraightFall_IsTheDiagonal()
    {
        string[] lines = [.. new LossPicture(unicode: false, columns: 5, rows: 5).Draw([At(0, 8), At(4, 0)], marks: [])];

        lines.ShouldBe(
        [
            "         8 |*",
            "           | *",
            "         4 |  *",
            "           |   *",
            "         0 |    *",
            "           +-----",
            "            0 2 4",
        ]);
    }

    [Fact]
    public void Draw_Step_JoinsTheLevelsAndMarksTheTime()
    {
        string[] lines = [.. new LossPicture(unicode: false, columns: 5, rows: 3).Draw([At(0, 1), At(1.9, 1), At(2, 0), At(4, 0)], marks: [2])];

        lines[0].ShouldBe("         1 |**");
        lines[2].ShouldBe("         0 |  ***");
        lines[4].ShouldBe("              ^");
    }

    [Fact]
    public void Draw_Braille_HasTwoByFourDotsACharacter()
    {
        string[] lines = [.. new LossPicture(unicode: true, columns: 3, rows: 2).Draw([At(0, 1), At(1, 1)], marks: [])];

        // The two upper dots of every character; the lower line is empty.
        lines[0].ShouldEndWith("│⠉⠉⠉");
        lines[1].ShouldEndWith("0 │");
    }

    [Fact]
    public void Draw_NothingToShow_IsEmpty() => new LossPicture(unicode: true, columns: 4, rows: 2).Draw([At(0, 0)], marks: []).ShouldBeEmpty();

    private static TrajectoryPoint At(double time, double loss) => new(time, loss, s_network);
}
