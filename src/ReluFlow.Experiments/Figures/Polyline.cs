namespace ReluFlow.Experiments.Figures;

/// <summary>Leaves out the points of a line that are not seen: those nearer to the line through the others than a tenth of a pixel (Ramer, Douglas and Peucker).</summary>
/// <remarks>Deterministic. Ends stay, and so does every corner that is seen at four times the size of a column.</remarks>
internal static class Polyline
{
    /// <summary>The largest distance in pixels of a point that is left out.</summary>
    public const double Tolerance = 0.1;

    /// <summary>What figures say where lines are thinned.</summary>
    public const string Remark = "points of a line within 0.1 pixel of the line through the others are left out";

    /// <summary>The indices of the points that stay, increasing. Cost O(n log n) for usual lines.</summary>
    /// <param name="x">Abscissas.</param>
    /// <param name="y">Ordinates, as many.</param>
    /// <param name="pixelsPerX">Pixels per unit of x.</param>
    /// <param name="pixelsPerY">Pixels per unit of y.</param>
    public static IReadOnlyList<int> Seen(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double pixelsPerX, double pixelsPerY)
    {
        if (x.Length <= 2)
        {
            return [.. Enumerable.Range(0, x.Length)];
        }

        var stays = new bool[x.Length];
        stays[0] = stays[^1] = true;
        var open = new Stack<(int From, int To)>([(0, x.Length - 1)]);
        while (open.TryPop(out (int From, int To) piece))
        {
            int farthest = -1;
            double distance = Tolerance;
            for (int i = piece.From + 1; i < piece.To; i++)
            {
                double here = Distance(piece, i, x, y, pixelsPerX, pixelsPerY);
                (farthest, distance) = here > distance ? (i, here) : (farthest, distance);
            }

            if (farthest >= 0)
            {
                stays[farthest] = true;
                open.Push((piece.From, farthest));
                open.Push((farthest, piece.To));
            }
        }

        return [.. Enumerable.Range(0, x.Length).Where(i => stays[i])];
    }

    // Of point i from the segment between two others, in pixels.
    private static double Distance((int From, int To) piece, int i, ReadOnlySpan<double> x, ReadOnlySpan<double> y, double pixelsPerX, double pixelsPerY)
    {
        double dx = (x[piece.To] - x[piece.From]) * pixelsPerX, dy = (y[piece.To] - y[piece.From]) * pixelsPerY;
        double px = (x[i] - x[piece.From]) * pixelsPerX, py = (y[i] - y[piece.From]) * pixelsPerY;
        double length = (dx * dx) + (dy * dy);
        double along = length > 0 ? Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1) : 0;
        return Math.Sqrt(Math.Pow(px - (along * dx), 2) + Math.Pow(py - (along * dy), 2));
    }
}
