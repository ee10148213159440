using System.Net;

namespace ReluFlow.Lab;

/// <summary>Where the lab listens and what it allows. Validated when made.</summary>
public sealed record LabOptions
{
    /// <summary>The port where nothing is said.</summary>
    public const int DefaultPort = 8750;

    /// <summary>The port, 0 to 65535; 0 takes a free one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value outside of that range.</exception>
    public int Port
    {
        get;
        init => field = value is >= 0 and <= IPEndPoint.MaxPort ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"The port is {value}; a number from 0 to {IPEndPoint.MaxPort} is expected.");
    }

    = DefaultPort;

    /// <summary>The address; 127.0.0.1 where nothing is said. Any that is not a loopback address asks pages for a token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The limits.</summary>
    public LabLimits Limits { get; init; } = new();

    /// <summary>How often a page is asked whether it is there, and how long it has to say so; not by <see cref="Clock"/>.</summary>
    internal TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock of limits in time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
