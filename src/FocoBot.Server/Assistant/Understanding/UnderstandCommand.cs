namespace FocoBot.Assistant.Understanding;

/// <summary>The <c>understand</c> command: JSON lines in, one result line each out.</summary>
public static class UnderstandCommand
{
    /// <summary>Reads requests from <paramref name="input"/> until its end; writes only result lines.</summary>
    public static int Run(Stream input, Stream output)
    {
        _ = input;
        _ = output;
        return 0;
    }
}
