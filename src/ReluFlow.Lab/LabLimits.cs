namespace ReluFlow.Lab;

/// <summary>How much a page may ask of the lab. Validated when made: every limit is positive.</summary>
public sealed record LabLimits
{
    /// <summary>The most neurons of a run.</summary>
    public int Width { get; init => field = Positive(value); } = 2000;

    /// <summary>The most samples of a data set.</summary>
    public int Samples { get; init => field = Positive(value); } = 2000;

    /// <summary>The most input coordinates, without the bias.</summary>
    public int InputDimension { get; init => field = Positive(value); } = 1024;

    /// <summary>The most outputs.</summary>
    public int Outputs { get; init => field = Positive(value); } = 64;

    /// <summary>The most saved points of a run.</summary>
    public int Saves { get; init => field = Positive(value); } = 1000;

    /// <summary>The longest time on the clock that one run computes.</summary>
    public TimeSpan RunTime { get; init => field = Positive(value); } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time on the clock for a part of the theory before a run: saddles, and the least norm.</summary>
    public TimeSpan TheoryTime { get; init => field = Positive(value); } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time on the clock for it while it keeps nobody waiting.</summary>
    public TimeSpan IdleTheoryTime { get; init => field = Positive(value); } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time on the clock for it where a page asked for longer.</summary>
    public TimeSpan LongTheoryTime { get; init => field = Positive(value); } = TimeSpan.FromSeconds(60);

    /// <summary>The most bytes that a run keeps, by <see cref="RunCost"/>.</summary>
    public long RunBytes { get; init => field = Positive(value); } = 256L << 20;

    /// <summary>The most bytes that the runs of all pages keep together.</summary>
    public long TotalBytes { get; init => field = Positive(value); } = 1L << 30;

    /// <summary>The most multiplications that making the frames of a run takes, by <see cref="RunCost"/>.</summary>
    public double Operations { get; init => field = value > 0 ? value : throw NotPositive(value); } = 5e10;

    /// <summary>The most bytes of one upload, compressed and decompressed.</summary>
    public int UploadBytes { get; init => field = Positive(value); } = 16 << 20;

    /// <summary>The most bytes of uploaded data that are kept; the oldest give way.</summary>
    public long StoredUploadBytes { get; init => field = Positive(value); } = 64L << 20;

    /// <summary>The most bytes of uploads that are on their way, of all pages together.</summary>
    public long ArrivingUploadBytes { get; init => field = Positive(value); } = 64L << 20;

    /// <summary>The most runs that compute at one time.</summary>
    public int ConcurrentRuns { get; init => field = Positive(value); } = 4;

    /// <summary>The most pages that are connected at one time.</summary>
    public int Connections { get; init => field = Positive(value); } = 64;

    /// <summary>The most bytes of one message of a page.</summary>
    public int MessageBytes { get; init => field = Positive(value); } = 1 << 20;

    /// <summary>How long a page that reads nothing, or an upload that does not end, is waited for.</summary>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(60);

    private static int Positive(int value) => value > 0 ? value : throw NotPositive(value);

    private static long Positive(long value) => value > 0 ? value : throw NotPositive(value);

    private static TimeSpan Positive(TimeSpan value) => value > TimeSpan.Zero ? value : throw NotPositive(value);

    private static ArgumentOutOfRangeException NotPositive(object value) => new(nameof(value), value, $"A limit of the lab is {value}; a positive one is expected.");
}
