namespace FocoBot.Storage;

/// <summary>The store can't be used as it is; the message tells the operator what to do, and nothing was changed.</summary>
public class DatabaseUnusableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A second server was started on a database file that is in use.</summary>
public sealed class DatabaseInUseException(string message, Exception inner) : DatabaseUnusableException(message, inner);
