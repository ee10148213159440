using System.Globalization;
using ReluFlow.Flows;

namespace ReluFlow.Cli;

/// <summary>A picture of the loss against flow time in characters: 2 × 4 braille dots a character, or one ASCII star.</summary>
internal sealed class LossPicture(bool unicode, int columns, int rows)
{
    private const int LabelWidth = 10;

    // Braille dots of a character by column and row; U+2800 is the empty one.
    private static readonly int[,] s_dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    private readonly int _dotsAcross = unicode ? 2 : 1, _dotsDown = unicode ? 4 : 1;

    /// <summary>The lines of the picture: axes from zero, linear; <paramref name="marks"/> are times shown below the axis.</summary>
    public IEnumerable<string> Draw(IReadOnlyList<TrajectoryPoint> points, IReadOnlyList<double> marks)
    {
        double end = points[^1].Time, top = points.Max(point => point.Loss);
        if (!(end > 0) || !(top > 0) || !double.IsFinite(top))
        {
            yield break;
        }

        bool[,] dots = Dots(points, end, top);
        for (int row = 0; row < rows; row++)
        {
            string label = row == 0 ? Number(top) : row == rows - 1 ? "0" : row == rows / 2 ? Number(top * (1 - MiddleOf(row))) : "";
            yield return $"{label,LabelWidth} {(unicode ? '│' : '|')}{string.Concat(Enumerable.Range(0, columns).Select(column => Character(dots, row, column)))}".TrimEnd();
        }

        yield return $"{new string(' ', LabelWidth)} {(unicode ? '└' : '+')}{new string(unicode ? '─' : '-', columns)}";
        string margin = new(' ', LabelWidth + 2);
        if (marks.Count > 0)
        {
            yield return (margin + Placed(marks.Where(mark => mark < end).Select(mark => (unicode ? "▲" : "^", (int)(mark / end * (columns - 1)))))).TrimEnd();
        }

        string middle = Number(end / 2), last = Number(end);
        yield return margin + Placed([("0", 0), (middle, (columns - middle.Length) / 2), (last, columns - last.Length)]);
    }

    // The share of the height, from above, of a row's middle dot.
    private double MiddleOf(int row) => ((row * _dotsDown) + ((_dotsDown - 1) / 2.0)) / ((rows * _dotsDown) - 1);

    private string Placed(IEnumerable<(string Text, int Column)> texts)
    {
        char[] line = [.. Enumerable.Repeat(' ', columns)];
        foreach ((string text, int column) in texts)
        {
            text.CopyTo(line.AsSpan(Math.Max(0, Math.Min(column, columns - text.Length))));
        }

        return new string(line);
    }

    private bool[,] Dots(IReadOnlyList<TrajectoryPoint> points, double end, double top)
    {
        int width = columns * _dotsAcross, height = rows * _dotsDown;
        var dots = new bool[width, height];
        int previous = -1;
        for (int x = 0, segment = 1; x < width; x++)
        {
            double t = end * x / (width - 1);
            while (segment < points.Count - 1 && points[segment].Time < t)
            {
                segment++;
            }

            int y = (int)Math.Round((1 - (LossAt(points, segment, t) / top)) * (height - 1));

            // Join the columns so that a jump is a line.
            for (int i = previous < 0 ? y : Math.Min(y, previous + 1); i <= Math.Max(y, previous - 1); i++)
            {
                dots[x, i] = true;
            }

            dots[x, y] = true;
            previous = y;
        }

        return dots;
    }

    private static double LossAt(IReadOnlyList<TrajectoryPoint> points, int segment, double t)
    {
        TrajectoryPoint before = points[segment - 1], after = points[segment];
        double share = after.Time > before.Time ? Math.Clamp((t - before.Time) / (after.Time - before.Time), 0, 1) : 1;
        return before.Loss + (share * (after.Loss - before.Loss));
    }

    private char Character(bool[,] dots, int row, int column)
    {
        if (!unicode)
        {
            return dots[column, row] ? '*' : ' ';
        }

        int bits = 0;
        for (int x = 0; x < 2; x++)
        {
            for (int y = 0; y < 4; y++)
            {
                bits |= dots[(2 * column) + x, (4 * row) + y] ? s_dots[x, y] : 0;
            }
        }

        return bits == 0 ? ' ' : (char)(0x2800 + bits);
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
