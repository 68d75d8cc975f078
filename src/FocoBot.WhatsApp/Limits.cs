namespace FocoBot.WhatsApp;

/// <summary>Every bound on what a peer can make this library hold or do, in one place. Past one of them there is a <see cref="ProtocolException"/>.</summary>
internal static class Limits
{
    /// <summary>Serialized protobuf message: nothing longer arrives in one frame, whose length has three bytes.</summary>
    public const int ProtoBytes = 1 << 24;

    /// <summary>Plain bytes of a media file: the largest document that phones send is 2 GB.</summary>
    public const long MediaFileBytes = 1L << 31;

    /// <summary>Characters of a scanned linking code: some times those of a real one (about 250).</summary>
    public const int QrCodeChars = 2048;
}
