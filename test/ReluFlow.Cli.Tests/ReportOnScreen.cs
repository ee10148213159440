using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Cli.Tests;

/// <summary>What a browser shows of a report, as numbers.</summary>
internal static class ReportOnScreen
{
    // Positions on the page are sums of a few single-precision numbers times a plot of some hundred pixels.
    public const double Pixel = 0.05;

    // Cells of the matrix that are looked at, across and down.
    public const int Looks = 24;

    // From here on a cell has the colour of its cosine's sign, below it is nearly transparent; nearer to it than this the shade may be rounded either way.
    public const double Coloured = 0.25, Undecided = 0.05;

    public const string Cursor = "#figure-loss .mark-rule.role-mark > line[stroke=\\\"#8a6d00\\\"]";

    public static string Note(string figure, string begin) => $"[...document.querySelectorAll('#figure-{figure} text')].some(text => text.textContent.startsWith('{begin}'))";

    public static string Label(Chromium page, string figure) => page.Evaluate($"document.querySelector('#figure-{figure} .plot').getAttribute('aria-label')").GetString()!;

    public static double[] Numbers(Chromium page, string expression) => [.. page.Evaluate($"({expression}).flatMap(text => text.match(/-?[0-9.]+(e-?[0-9]+)?/g).map(Number))").EnumerateArray().Select(number => number.GetDouble())];

    public static void ShouldShowFunction(Chromium page, ReluNetwork network)
    {
        const string Groups = "[...document.querySelectorAll('#figure-function .mark-symbol.role-mark')]", Curve = "document.querySelector('#figure-function .mark-line.role-mark > path')";
        double[] dots = Numbers(page, $"[...{Groups}[0].querySelectorAll('path')].map(path => path.getAttribute('transform'))");
        double[] stars = Numbers(page, $"[...{Groups}[1].querySelectorAll('path')].map(path => path.getAttribute('transform'))");
        double[] curve = Numbers(page, $"[{Curve}.getAttribute('d')]");
        dots.Length.ShouldBe(4);
        double perX = (dots[2] - dots[0]) / 2.5, perF = (dots[3] - dots[1]) / 2;
        double X(double place) => -0.5 + ((place - dots[0]) / perX);
        (double X, double F)[] drawn = [.. curve.Chunk(2).Select(point => (X(point[0]), -1 + ((point[1] - dots[1]) / perF)))];
        var inputs = Matrix.FromRows([.. drawn.Select(point => new[] { point.X, 1 })]);
        var values = new double[drawn.Length];
        network.Evaluate(inputs, values);
        drawn.Length.ShouldBe(241);
        drawn.Zip(values, (point, f) => Math.Abs((point.F - f) * perF)).Max().ShouldBeLessThan(Pixel);

        double[] kinks = [.. Kink.Of(network).Where(kink => kink.Position is >= -1.125 and <= 2.625).Select(kink => dots[0] + ((kink.Position + 0.5) * perX)).Order()];
        stars.Chunk(2).Select(star => star[0]).Order().ShouldBe(kinks, Pixel);
    }

    public static double[] RunnerPlaces(Chromium page, int panel) =>
    [
        .. page.Evaluate($"[...[...document.querySelectorAll('#figure-race .mark-symbol.role-mark')][{panel}].querySelectorAll('path')].flatMap(path => path.getAttribute('transform').match(/-?[0-9.]+(e-?[0-9]+)?/g).map(Number))")
            .EnumerateArray().Select(number => number.GetDouble()),
    ];

    // One is a multiple of the other and a constant, found from the two ends.
    public static void ShouldBeLinear(double[] x, double[] y)
    {
        x.Length.ShouldBe(y.Length);
        int low = Array.IndexOf(x, x.Min()), high = Array.IndexOf(x, x.Max());
        double slope = (y[high] - y[low]) / (x[high] - x[low]);
        x.Zip(y, (from, to) => Math.Abs(y[low] + (slope * (from - x[low])) - to)).Max().ShouldBeLessThan(Pixel);
    }

    // By hand from the weights: the cosine of (w, a) of two neurons.
    public static void ShouldShowCosines(Chromium page, StoredRun stored, ReluNetwork network)
    {
        int[] order = [.. NeuronClusters.Of(stored.Network).Order], colours = Colours(page, order.Length);
        double[][] total = [.. order.Select(j => (double[])[.. network.InputWeights.Row(j), .. network.OutputWeights.Row(j)])];
        double Product(int i, int l) => total[i].Zip(total[l], (a, b) => a * b).Sum();
        colours.Count(colour => colour != 0).ShouldBeGreaterThan(Looks * Looks / 4);
        for (int cell = 0; cell < Looks * Looks; cell++)
        {
            int i = cell / Looks * order.Length / Looks, l = cell % Looks * order.Length / Looks;
            double cosine = Product(i, l) / Math.Sqrt(Product(i, i) * Product(l, l));
            if (Math.Abs(Math.Abs(cosine) - Coloured) > Undecided)
            {
                colours[cell].ShouldBe(Math.Abs(cosine) > Coloured ? Math.Sign(cosine) : 0, $"neurons {order[i]} and {order[l]}, cosine {cosine}");
            }
        }
    }

    // The matrix as colours show it: 1 for blue, -1 for red, 0 where there is hardly any.
    public static int[] Colours(Chromium page, int count)
    {
        string look = $$"""
            (async () => {
              const image = new Image();
              image.src = document.querySelector('#figure-cosines image').getAttribute('href') ?? document.querySelector('#figure-cosines image').getAttribute('xlink:href');
              await image.decode();
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [image.width, image.height];
              const context = canvas.getContext('2d', { willReadFrequently: true });
              context.drawImage(image, 0, 0);
              const cells = [];
              for (let i = 0; i < {{Looks}}; i++) {
                for (let l = 0; l < {{Looks}}; l++) {
                  const [row, column] = [i, l].map((at) => Math.floor(((at * {{count}} / {{Looks}} | 0) + 0.5) * image.width / {{count}}));
                  const [red, , blue, opacity] = context.getImageData(column, row, 1, 1).data;
                  cells.push(opacity > 87 ? Math.sign(blue - red) : 0);
                }
              }
              return cells;
            })()
            """;
        return [.. page.Evaluate(look).EnumerateArray().Select(cell => cell.GetInt32())];
    }

    public static string PlaceOf(string selector) => $"Number(/translate\\(([-0-9.e]+)/.exec(document.querySelector(\"{selector}\").getAttribute('transform'))[1])";

    public static double CursorPlace(Chromium page) => page.Evaluate(PlaceOf(Cursor)).GetDouble();

    public static double[] NeuronPlaces(Chromium page) =>
    [
        .. page.Evaluate("[...document.querySelectorAll('#figure-directions .mark-symbol.role-mark > path')].flatMap(path => path.getAttribute('transform').match(/-?[0-9.]+(e-?[0-9]+)?/g).map(Number))")
            .EnumerateArray().Select(number => number.GetDouble()),
    ];

    public static int Count(Chromium page, string figure, string selector) => page.Evaluate($"document.querySelectorAll('#figure-{figure} {selector}').length").GetInt32();
}
