namespace FocoBot.WhatsApp;

/// <summary>A setting can't be written now: the phone has not shared its key yet, or the settings can't be brought up to date. Later it may work.</summary>
/// <param name="message">Which of them.</param>
public sealed class AppStateException(string message) : WhatsAppException(message, Recovery.Retry);
