namespace FocoBot.Sandbox;

/// <summary>Something that can't be done on the network as it is.</summary>
/// <param name="code">For programs.</param>
/// <param name="message">For people.</param>
public sealed class SandboxException(string code, string message) : Exception(message)
{
    /// <summary>For programs: <c>QR_EXPIRED</c>, <c>NOT_FOUND</c>, …</summary>
    public string Code { get; } = code;
}
