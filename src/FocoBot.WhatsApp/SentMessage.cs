using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.WhatsApp;

/// <summary>A message that the server has taken.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Chat">Where it went: the person's hidden identity, if it is known.</param>
/// <param name="Time">When the server took it.</param>
public sealed record SentMessage(string Id, Jid Chat, DateTimeOffset Time)
{
    /// <summary>Names this message, to edit it, delete it or react to it.</summary>
    public MessageReference Reference => new(Chat, Id, Author: null, FromMe: true);

    /// <summary>Nothing of what is inside, which may be somebody's number.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(SentMessage);
}
