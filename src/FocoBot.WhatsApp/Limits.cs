namespace FocoBot.WhatsApp;

/// <summary>Every bound on what a peer can make this library hold or do, in one place. Past one of them there is a <see cref="ProtocolException"/>,
/// or a <see cref="Signal.SignalException"/> where only one message is affected.</summary>
internal static class Limits
{
    /// <summary>Serialized protobuf message: nothing longer arrives in one frame, whose length has three bytes.</summary>
    public const int ProtoBytes = 1 << 24;

    /// <summary>Plain bytes of a media file: the largest document that phones send is 2 GB.</summary>
    public const long MediaFileBytes = 1L << 31;

    /// <summary>Characters of a scanned linking code: some times those of a real one (about 250).</summary>
    public const int QrCodeChars = 2048;

    /// <summary>Bytes in a frame: what its three length bytes can say.</summary>
    public const int FramePayload = (1 << 24) - 1;

    /// <summary>Bytes in a frame before the peer has proven who it is: a hello with its certificates has some 400, a client's payload some 1,000.</summary>
    public const int HandshakeFrame = 1 << 16;

    /// <summary>Bytes of routing info in front of the first frame: real ones have about ten.</summary>
    public const int RoutingInfo = 1 << 10;

    /// <summary>Bytes of a stanza after inflating: as many as a frame could have carried without compression.</summary>
    public const int InflatedStanza = FramePayload;

    /// <summary>Nodes within nodes: real stanzas have up to eight levels, and each level costs stack.</summary>
    public const int NodeDepth = 32;

    /// <summary>
    /// Nodes and attributes of one stanza together: a message to a group of a thousand members with five devices each has some 25,000;
    /// this many take about 20 MB.
    /// </summary>
    public const int StanzaItems = 1 << 18;

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

    /// <summary>Requests whose answer is awaited: a client asks a handful at a time, a look-up of many contacts some dozens.</summary>
    public const int PendingRequests = 1000;

    /// <summary>Events not yet read by the caller; with more, nothing further is read from the server.</summary>
    public const int PendingEvents = 4096;

    /// <summary>Stanzas that wait while a linking step runs: there are about ten in all.</summary>
    public const int LinkingInbox = 64;

    /// <summary>References for QR codes in one connection: the server hands out six.</summary>
    public const int QrReferences = 16;

    /// <summary>One-time prekeys in a digest of the server: the most that any client uploads is 812.</summary>
    public const int DigestPreKeys = 4096;

    /// <summary>Characters of a text that the server sends for people, when it ends a connection.</summary>
    public const int EndText = 512;

    /// <summary>Users whose hidden identity and devices are remembered: more than most people write to in a day; each costs some hundred bytes.</summary>
    public const int KnownAddresses = 10_000;

    /// <summary>Sent messages that are kept for whoever can't decrypt them: those of the last minutes, as a rule. As whatsmeow.</summary>
    public const int SentMessages = 256;

    /// <summary>Messages whose repetitions are counted, so that they end.</summary>
    public const int RetriedMessages = 1024;

    /// <summary>Messages to be sent or asked for again that wait their turn; further ones are dropped, and come up again.</summary>
    public const int PendingRetries = 256;

    /// <summary>Bytes of an app state key's id: real ones have six.</summary>
    public const int AppStateKeyId = 64;

    /// <summary>App state keys in one message: a phone has one for each time that a device was removed, and shares all.</summary>
    public const int AppStateKeysShared = 1024;

    /// <summary>Missing app state keys that the phone is asked for in a day: each that it has not shared at once is unusual.</summary>
    public const int AppStateKeysAsked = 64;

    /// <summary>Answers with more patches to come, one after the other: at some dozens of patches each, more than an account ever has.</summary>
    public const int AppStatePages = 10_000;

    /// <summary>How often a collection that can't be verified is fetched anew within one connection: once helps, or nothing does.</summary>
    public const int AppStateResyncs = 3;

    /// <summary>How often a change is pushed because other devices were faster: each time one of them has got on, so that this ends by itself.</summary>
    public const int AppStatePushes = 32;

    /// <summary>Bytes of a part of the history after inflating: some times what the largest chats of years come to. They are read as a stream.</summary>
    public const long HistoryBytes = 1L << 30;

    /// <summary>Bytes of one conversation of the history, the most that is held at once: phones split longer ones.</summary>
    public const int HistoryConversation = 1 << 24;

    /// <summary>Names or addresses out of the history that one event brings.</summary>
    public const int HistoryNames = 1000;

    /// <summary>Parts of the history that wait to be fetched; a phone sends some dozens in all.</summary>
    public const int HistoryParts = 256;

    /// <summary>Messages asked of the phone at once: it answers some hundreds as a rule.</summary>
    public const int HistoryOnDemand = 10_000;
}
