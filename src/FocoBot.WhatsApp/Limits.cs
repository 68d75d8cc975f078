namespace FocoBot.WhatsApp;

/// <summary>Every bound on what a peer can make this library hold or do, in one place. Past one of them there is a <see cref="ProtocolException"/>,
/// or a <see cref="Signal.SignalException"/> where only one message is affected.</summary>
internal static class Limits
{
    /// <summary>How many messages of a chain may be missing before one that is accepted: each costs two hashes before anything is verified. What all clients use.</summary>
    public const int ForwardJump = 2000;

    /// <summary>How many keys of missing messages a chain keeps, the oldest going first: as many as one jump can leave. What all clients use.</summary>
    public const int SkippedKeys = 2000;

    /// <summary>How many receiving chains a session keeps: messages of more than five ratchet steps ago are lost. As whatsmeow.</summary>
    public const int ReceiverChains = 5;

    /// <summary>How many earlier sessions a record keeps for messages under way: each is tried with a message that fits none. What all clients use.</summary>
    public const int ArchivedSessions = 40;

    /// <summary>How many sender keys are kept per sender and group, for messages that cross a rotation. What all clients use.</summary>
    public const int SenderKeyStates = 5;
}
