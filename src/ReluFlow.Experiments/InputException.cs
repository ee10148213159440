namespace ReluFlow.Experiments;

/// <summary>Bad input of a user: a spec, a data file or a run directory that cannot be taken as it is.</summary>
/// <remarks>The message is one clear line: what, where (file, line, key), the value, and what was expected.</remarks>
public sealed class InputException : Exception
{
    /// <summary>Makes an error without a message.</summary>
    public InputException()
    {
    }

    /// <summary>Makes an error whose message is the line a user sees.</summary>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error whose message is the line a user sees, keeping what caused it.</summary>
    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
