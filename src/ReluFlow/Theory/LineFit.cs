namespace ReluFlow.Theory;

/// <summary>A straight line through points by least squares.</summary>
internal static class LineFit
{
    /// <summary>The slope, and the largest distance of a value from the line.</summary>
    public static (double Slope, double Deviation) Of(double[] times, double[] values)
    {
        double meanTime = times.Average(), meanValue = values.Average(), square = 0, product = 0;
        for (int i = 0; i < times.Length; i++)
        {
            square += (times[i] - meanTime) * (times[i] - meanTime);
            product += (times[i] - meanTime) * (values[i] - meanValue);
        }

        double slope = product / square;
        return (slope, times.Zip(values, (time, value) => Math.Abs(value - meanValue - (slope * (time - meanTime)))).Max());
    }
}
