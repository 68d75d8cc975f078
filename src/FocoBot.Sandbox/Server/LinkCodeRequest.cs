namespace FocoBot.Sandbox.Server;

/// <summary>The first stage of linking by code: the companion's key under the code, and what it calls itself.</summary>
internal sealed class LinkCodeRequest(string number, byte[] reference, byte[] wrappedEphemeral, byte[] noiseKey, string display, DateTimeOffset endsAt)
{
    public string Number { get; } = number;

    public byte[] Ref { get; } = reference;

    public byte[] WrappedEphemeral { get; } = wrappedEphemeral;

    public byte[] NoiseKey { get; } = noiseKey;

    public string Display { get; } = display;

    public DateTimeOffset EndsAt { get; } = endsAt;

    /// <summary>How often the phone has answered.</summary>
    public int Hellos { get; set; }
}
