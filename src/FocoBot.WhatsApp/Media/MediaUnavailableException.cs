namespace FocoBot.WhatsApp.Media;

/// <summary>A file could not be uploaded or downloaded from any media host.</summary>
public sealed class MediaUnavailableException : WhatsAppException
{
    internal MediaUnavailableException(string message, int? status, bool isGone = false, Exception? inner = null)
        : base(message, Recovery.Retry, inner)
    {
        Status = status;
        IsGone = isGone;
    }

    /// <summary>The HTTP status of the last answer; null when there was none.</summary>
    public int? Status { get; }

    /// <summary>Whether the hosts have the file no longer. Whoever has the message may upload it again; the file itself will not come back.</summary>
    public bool IsGone { get; }
}
