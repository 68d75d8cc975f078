namespace FocoBot.WhatsApp;

/// <summary>Every bound on what a peer can make this library hold or do, in one place. Past one of them there is a <see cref="ProtocolException"/>,
/// or a <see cref="Signal.SignalException"/> where only one message is affected.</summary>
internal static class Limits
{
    /// <summary>Serialized protobuf message: nothing longer arrives in one frame, whose length has three bytes.</summary>
    public const int ProtoBytes = 1 << 24;

    /// <summary>Plain bytes of a media file: the largest document that phones send is 2 GB.</summary>
    public const long MediaFileBytes = 1L << 31;

    /// <summary>Media hosts that are tried: the server names about four.</summary>
    public const int MediaHosts = 16;

    /// <summary>Characters of a file's path on a media host, of its URL, and of what lets a device upload: real ones have some 300.</summary>
    public const int MediaPathChars = 4096;

    /// <summary>Bytes of a media host's answer to an upload: real ones have some 500.</summary>
    public const int MediaAnswerBytes = 1 << 16;

    /// <summary>Bytes of a thumbnail within a message, which each device gets for itself: phones' have some 5,000 at most.</summary>
    public const int ThumbnailBytes = 1 << 16;

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

    /// <summary>Bytes in a file of another client's state: some times what the largest, of a session with a thousand missing messages, has.</summary>
    public const int ImportedFile = 1 << 24;

    /// <summary>Files in a folder of another client's state: a business may have written with ten thousands of devices.</summary>
    public const int ImportedFiles = 1 << 19;

    /// <summary>How many messages of a chain may be missing before one that is accepted: each costs two hashes before anything is verified. What all clients use.</summary>
    public const int ForwardJump = 2000;

    /// <summary>How many keys of missing messages a chain keeps, the oldest going first: as many as one jump can leave. What all clients use.</summary>
    public const int SkippedKeys = 2000;

    /// <summary>How many such keys all sessions with one device keep together, 36 bytes each, the oldest going first: with every message they are read and stored again.</summary>
    public const int SessionSkippedKeys = 2 * SkippedKeys;

    /// <summary>How many receiving chains a session keeps: messages of more than five ratchet steps ago are lost. As whatsmeow.</summary>
    public const int ReceiverChains = 5;

    /// <summary>How many earlier sessions a record keeps for messages under way: each is tried with a message that fits none. What all clients use.</summary>
    public const int ArchivedSessions = 40;

    /// <summary>How many sender keys are kept per sender and group, for messages that cross a rotation. What all clients use.</summary>
    public const int SenderKeyStates = 5;

    /// <summary>Requests whose answer is awaited: a client asks a handful at a time, a look-up of many contacts some dozens.</summary>
    public const int PendingRequests = 1000;

    /// <summary>
    /// Events not yet read by the caller; with more, the connection is dropped, and the server keeps what comes until they are read. To stop
    /// reading would keep from the caller the very acknowledgements that he may be waiting for.
    /// </summary>
    public const int PendingEvents = 4096;

    /// <summary>Stanzas that wait while a linking step runs: there are about ten in all.</summary>
    public const int LinkingInbox = 64;

    /// <summary>Bytes of what a passkey is asked: a challenge and some dozens of credentials.</summary>
    public const int PasskeyOptions = 1 << 16;

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

    /// <summary>
    /// Connections that the server may end over one message, which would leave again on each: with the pauses in between, half a minute at least. A server with
    /// troubles of its own says so (503, 515), and a bad line says nothing; neither counts.
    /// </summary>
    public const int ConnectionsAMessage = 5;

    /// <summary>Messages whose repetitions are counted, so that they end.</summary>
    public const int RetriedMessages = 1024;

    /// <summary>Messages to be sent or asked for again that wait their turn; further ones are dropped, and come up again.</summary>
    public const int WaitingWork = 256;

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

    /// <summary>Unread events with which no further chat is read out of the history: each may be as long as a conversation.</summary>
    public const int HistoryUnread = 16;

    /// <summary>Messages asked of the phone at once: it answers some hundreds as a rule.</summary>
    public const int HistoryOnDemand = 10_000;
    /// <summary>Units of work that have ended and are not stored yet: with more, nothing further is read from the server.</summary>
    public const int UnstoredUnits = 256;

    /// <summary>Bytes of stored records that each client keeps in memory: the sessions of a few people, as a rule.</summary>
    public const int CachedRecordBytes = 1 << 15;

    /// <summary>Groups whose members are remembered while a connection lasts: more than most people write to in a day.</summary>
    public const int KnownGroups = 500;

    /// <summary>Members named in one change of a group: as many as a group can have, and some.</summary>
    public const int GroupMembers = 4096;

    /// <summary>Wrappers around a message's content: clients nest two at most (a disappearing document with a caption).</summary>
    public const int MessageWrappers = 8;

    /// <summary>Mentioned people that are told of: as many as the largest group has members. Each costs some times what it does on the wire.</summary>
    public const int Mentions = 1025;

    /// <summary>Characters of another message's id that a message names: real ones have up to 32.</summary>
    public const int MessageIdChars = 256;

    /// <summary>Options of a poll: clients offer twelve.</summary>
    public const int PollOptions = 100;

    /// <summary>Characters of all options of a poll: they are kept for the votes. Clients allow 100 an option.</summary>
    public const int PollText = 4000;

    /// <summary>Polls whose secret and options are kept for votes: about 200 bytes each, 9 kB at the very most.</summary>
    public const int PollSecrets = 4096;

    /// <summary>Records of 20 messages each whose secret is kept for edits and sealed reactions: those of 15 minutes, in which messages can be edited, and far more.</summary>
    public const int RecentSecretRecords = 128;

    /// <summary>Chats whose timer is kept: more than most people have chats with one; each costs some 100 bytes.</summary>
    public const int ChatTimers = 10_000;

    /// <summary>People whose privacy token is kept: more than most people have chats with; each costs some 200 bytes, and is given anew within weeks.</summary>
    public const int PrivacyTokens = 10_000;

    /// <summary>Bytes of a notice to the account in JSON: real ones have some hundred.</summary>
    public const int NoticeBytes = 64 * 1024;

    /// <summary>Bytes of a privacy token, or of what such are made from: real ones have up to some dozens.</summary>
    public const int PrivacyTokenBytes = 512;

    /// <summary>Devices of one user: a phone and four companions, whose numbers have two digits.</summary>
    public const int UserDevices = 100;

    /// <summary>Bytes of the signed list of a user's devices: real ones have some 120.</summary>
    public const int KeyIndexListBytes = 1 << 12;

    /// <summary>Members of a group that one stanza of receipts may tell of; each becomes an event.</summary>
    public const int ReceiptUsers = 4096;

    /// <summary>Changes of the blocklist or of privacy settings that one notification may tell of.</summary>
    public const int NotifiedChanges = 10_000;

    /// <summary>Messages in one read receipt that is sent: larger ones are split, so that none is near the largest frame.</summary>
    public const int ReadBatch = 256;

    /// <summary>People asked about in one request: answers of some 300 bytes each, none for long.</summary>
    public const int UserBatch = 100;

    /// <summary>Characters of the user part of an address that is remembered: phone numbers have up to 15, hidden identities and groups up to 35.</summary>
    public const int JidUserChars = 128;
}
