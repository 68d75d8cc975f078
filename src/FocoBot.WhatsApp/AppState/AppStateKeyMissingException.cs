namespace FocoBot.WhatsApp.AppState;

/// <summary>A patch names a key that the phone has not shared yet: ask for it, then apply the patch again.</summary>
/// <param name="keyId">The key's id.</param>
internal sealed class AppStateKeyMissingException(byte[] keyId) : WhatsAppException("An app state key is missing", Recovery.Retry)
{
    /// <summary>The key to ask for.</summary>
    public byte[] KeyId { get; } = keyId;
}
