using System.Text.Json;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.Tables;

namespace ReluFlow.Experiments.Tests.Figures;

public sealed class TableFiguresTests : IDisposable
{
    private const double Digits = 1e-8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_RowsOfOneSeriesAndAbscissa_BecomeMedianAndQuartiles()
    {
        JsonElement[] rows = Rows(TableFigures.Draw("lines", Table("n,loss,seed\n10,1,1\n10,2,2\n10,3,3\n10,4,4\n10,5,5\n20,7,1\n"), new TableAxes("n", "loss")));

        // NumPy's default: percentiles of 1…5 are 2, 3, 4.
        rows.Length.ShouldBe(2);
        (rows[0].GetProperty("low").GetDouble(), rows[0].GetProperty("y").GetDouble(), rows[0].GetProperty("high").GetDouble()).ShouldBe((2, 3, 4));
        (rows[1].GetProperty("low").GetDouble(), rows[1].GetProperty("high").GetDouble()).ShouldBe((7, 7));
    }

    [Fact]
    public void Lines_StatisticsOfASweep_ShowTheMeanWithItsBand()
    {
        TidyTable table = Table("network.width,quantity,count,mean,mean_low,mean_high\n10,loss,5,0.1,0.05,0.2\n10,time,5,3,2,4\n100,loss,5,0.01,0.001,0.1\n");

        JsonElement[] rows = Rows(TableFigures.Draw("lines", table, new TableAxes("network.width", "loss") { LogX = true, LogY = true }));

        rows.Length.ShouldBe(2);
        rows.Select(row => row.GetProperty("x").GetDouble()).ShouldBe([1, 2], Digits);
        rows.Select(row => row.GetProperty("y").GetDouble()).ShouldBe([-1, -2], Digits);
        rows.Select(row => row.GetProperty("low").GetDouble()).ShouldBe([Math.Log10(0.05), -3], Digits);
    }

    // One line through the means of three widths would be no line of anything.
    [Fact]
    public void Lines_OfStatisticsWithOtherGroupsBeside_AreRefusedInOneLine()
    {
        TidyTable table = Table("initial.scale,network.width,quantity,count,mean,mean_low,mean_high\n1e-6,10,loss,5,0.1,0.05,0.2\n1e-6,100,loss,5,0.01,0.001,0.1\n");

        Should.Throw<InputException>(() => TableFigures.Draw("lines", table, new TableAxes("initial.scale", "loss") { LogX = true })).Message.ShouldContain("2 rows for initial.scale = 1e-6, of other groups beside; --by one of their columns");
        Rows(TableFigures.Draw("lines", table, new TableAxes("initial.scale", "loss", "network.width"))).Length.ShouldBe(2);
    }

    // 0 of 4 and 3 of 4; SciPy 1.10, binomtest(k, n).proportion_ci(0.95, "wilson").
    [Fact]
    public void Lines_OfInterpolatedRuns_AreSharesWithWilsonsBand()
    {
        JsonElement[] rows = Rows(TableFigures.Draw("lines", Table("n,interpolated\n1,0\n1,0\n1,0\n1,0\n2,1\n2,1\n2,0\n2,1\n"), new TableAxes("n", "interpolated")));

        rows.Select(row => row.GetProperty("y").GetDouble()).ShouldBe([0, 0.75]);
        rows.Select(row => row.GetProperty("low").GetDouble()).ShouldBe([0, 0.3006418426], Digits);
        rows.Select(row => row.GetProperty("high").GetDouble()).ShouldBe([0.4898908365, 0.9544127392], Digits);
    }

    [Fact]
    public void Lines_ValuesWithoutALogarithm_AreLeftOutAndSaidSo()
    {
        Figure figure = TableFigures.Draw("work-precision", Table("seconds,error,method\n1,0.1,a\n2,0,a\n3,0.01,b\n"), new TableAxes("seconds", "error", "method"));

        Rows(figure).Length.ShouldBe(2);
        figure.Remarks.Single().ShouldStartWith("1 row without a number");
    }

    [Fact]
    public void Lines_AbscissasWithoutALogarithm_AreCountedByRows() =>
        TableFigures.Draw("lines", Table("a,b\n0,2\n-1,3\n1,4\n5,\n"), new TableAxes("a", "b") { LogX = true }).Remarks.ShouldHaveSingleItem().ShouldStartWith("3 rows without a number, or with none on a logarithmic axis, are left out");

    [Fact]
    public void Lines_Series_DifferInDashAndShapeAndSoDoTheirKeys()
    {
        using JsonDocument json = JsonDocument.Parse(TableFigures.Draw("lines", Table("n,loss,arm\n1,1,a\n2,2,a\n1,2,b\n2,3,b\n1,3,c\n2,4,c\n"), new TableAxes("n", "loss", "arm")).ToJson());
        JsonElement layers = json.RootElement.GetProperty("layer");
        string[] dashes = Range(layers[1], "strokeDash"), shapes = Range(layers[2], "shape");

        dashes.Distinct().Count().ShouldBe(3);
        shapes.Distinct().Count().ShouldBe(3);
        Range(layers[3], "strokeDash").ShouldBe(dashes);
        Range(layers[3], "shape").Distinct().Count().ShouldBe(3);

        static string[] Range(JsonElement layer, string channel) => [.. layer.GetProperty("encoding").GetProperty(channel).GetProperty("scale").GetProperty("range").EnumerateArray().Select(value => value.GetRawText())];
    }

    [Fact]
    public void HeatMap_EmptyCells_AreCrossedFromCornerToCorner()
    {
        // Of 3 by 2 cells (2, 1) and (3, 2) are empty: they touch in a corner, so that one stroke crosses both.
        using JsonDocument json = JsonDocument.Parse(TableFigures.Draw("heat-map", Table("a,b,v\n1,1,0\n3,1,1\n1,2,2\n2,2,3\n"), new TableAxes("a", "b", "v")).ToJson());

        (int, int, int, int)[] strokes = [.. json.RootElement.GetProperty("layer")[1].GetProperty("data").GetProperty("values").EnumerateArray().Select(row => (At(row, "x"), At(row, "y"), At(row, "x2"), At(row, "y2")))];
        strokes.ShouldBe([(3, 2, 1, 0), (2, 2, 3, 1), (1, 1, 2, 0)], ignoreOrder: true);

        static int At(JsonElement row, string field) => row.GetProperty(field).GetInt32();
    }

    [Fact]
    public void HeatMap_OfATable_IsOneImageAndSaysWhatIsEmpty()
    {
        Figure figure = TableFigures.Draw("heat-map", Table("a,b,v\n1,1,0\n2,1,5\n1,2,10\n"), new TableAxes("a", "b", "v"));
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());

        json.RootElement.GetProperty("layer")[0].GetProperty("mark").GetProperty("type").GetString().ShouldBe("image");
        figure.Remarks.ShouldBe(["1 cell without a value is grey and crossed out"]);
        figure.Description.ShouldContain("from 0 to 10");
    }

    [PythonFact]
    public void HeatMap_OfTwoByThreeCells_HasEachWhereItsValuesStand()
    {
        // Columns by a from left to right, rows by b upwards; (3, 1) is empty. From 0 to 10 the ends of the scale, 0 for (1, 1) and 10 for (1, 2).
        string[][] colours = IndexedPngTests.ColoursOf(Image(TableFigures.Draw("heat-map", Table("a,b,v\n1,1,0\n2,1,5\n1,2,10\n2,2,10\n3,2,0\n"), new TableAxes("a", "b", "v"))));

        int row = colours.Length / 2, column = colours[0].Length / 3;
        string At(int a, int b) => colours[((2 - b) * row) + (row / 2)][((a - 1) * column) + (column / 2)];
        At(1, 1).ShouldBe("fdf5d0ff");
        At(3, 2).ShouldBe(At(1, 1));
        At(1, 2).ShouldBe("3b1c6eff");
        At(2, 2).ShouldBe(At(1, 2));
        At(3, 1).ShouldBe("808080ff");
        ((string[])[At(1, 1), At(1, 2), At(3, 1)]).ShouldNotContain(At(2, 1));
    }

    [Fact]
    public void Lines_BandDownToZeroOnALogarithmicAxis_GoesToItsBottomAndSaysSo()
    {
        Figure figure = TableFigures.Draw("lines", Table("n,quantity,count,mean,mean_low,mean_high\n1,loss,5,0.1,-0.05,0.2\n2,loss,5,0.01,0.001,0.1\n"), new TableAxes("n", "loss") { LogY = true });
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());
        double bottom = json.RootElement.GetProperty("layer")[0].GetProperty("encoding").GetProperty("y").GetProperty("scale").GetProperty("domain")[0].GetDouble();

        bottom.ShouldBeLessThan(-3);
        Rows(figure)[0].GetProperty("low").GetDouble().ShouldBe(bottom, Digits);
        figure.Remarks.ShouldHaveSingleItem().ShouldStartWith("1 band reaches zero or below");
    }

    [Fact]
    public void Lines_AbscissasBelowDoubles_HaveTheirLogarithms() =>
        Rows(TableFigures.Draw("lines", Table("scale,v\n1e-1000,1\n1e-400,2\n"), new TableAxes("scale", "v") { LogX = true })).Select(row => row.GetProperty("x").GetDouble()).ShouldBe([-1000, -400], Digits * 1000);

    [Fact]
    public void HeatMap_LogarithmicColours_AreOfTheMeansAndLeaveZerosEmpty()
    {
        Figure figure = TableFigures.Draw("heat-map", Table("a,b,v\n1,1,1e-9\n1,1,3e-9\n2,1,0\n1,2,10\n2,2,1\n"), new TableAxes("a", "b", "v") { LogBy = true });

        figure.Description.ShouldContain("from 2e-9 to 10");
        figure.Remarks.ShouldBe(["1 cell without a value is grey and crossed out"]);
    }

    [Theory]
    [InlineData("lines", "no", "loss", null, "there is no column 'no'")]
    [InlineData("lines", "n", "word", null, "word is 'x'; a number is expected")]
    [InlineData("heat-map", "n", "loss", null, "needs --by")]
    [InlineData("pie", "n", "loss", null, "There is no figure 'pie'")]
    public void Draw_WhatTheTableHasNot_SaysWhy(string name, string x, string y, string? by, string part) =>
        Should.Throw<InputException>(() => TableFigures.Draw(name, Table("n,loss,word\n1,2,x\n"), new TableAxes(x, y, by))).Message.ShouldContain(part);

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a,b\n1\n", "table.csv, line 2: 1 cells")]
    public void Read_NoTable_SaysWhere(string text, string part) => Should.Throw<InputException>(() => Table(text)).Message.ShouldContain(part);

    private TidyTable Table(string text) => TidyTable.Read(_folder.Write("table.csv", text));

    private static byte[] Image(Figure figure)
    {
        using JsonDocument json = JsonDocument.Parse(figure.ToJson());
        return Convert.FromBase64String(json.RootElement.GetProperty("layer")[0].GetProperty("data").GetProperty("values")[0].GetProperty("url").GetString()!["data:image/png;base64,".Length..]);
    }

    private static JsonElement[] Rows(Figure figure) => [.. JsonDocument.Parse(figure.ToJson()).RootElement.GetProperty("data").GetProperty("values").EnumerateArray()];
}
