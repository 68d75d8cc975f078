namespace FocoBot.WhatsApp;

/// <summary>Every bound on what a peer can make this library hold or do, in one place. Past one of them there is a <see cref="ProtocolException"/>.</summary>
internal static class Limits
{
}
