namespace FocoBot.WhatsApp;

/// <summary>Where a client stands.</summary>
public enum ConnectionState
{
    /// <summary>Not connected, and not about to be.</summary>
    Disconnected,

    /// <summary>Opening a connection.</summary>
    Connecting,

    /// <summary>Connected, and waiting for the phone to link this device.</summary>
    Linking,

    /// <summary>Connected; the server checks who we are.</summary>
    LoggingIn,

    /// <summary>Logged in and ready.</summary>
    Online,

    /// <summary>The connection has ended; another one will be opened after a pause.</summary>
    Waiting,
}
