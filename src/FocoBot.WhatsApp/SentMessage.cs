namespace FocoBot.WhatsApp;

/// <summary>A message that the server has taken.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Chat">Where it went: the person's hidden identity, if it is known.</param>
/// <param name="Time">When the server took it.</param>
public sealed record SentMessage(string Id, Jid Chat, DateTimeOffset Time);
