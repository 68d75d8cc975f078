namespace FocoBot.WhatsApp.Binary;

/// <summary>
/// An attribute of a <see cref="Node"/>: a text or a JID. The two differ on the wire, and clients ignore stanzas that have a text
/// where they expect a JID. In a list of attributes a pair of key and value will do; a null value leaves the attribute out.
/// </summary>
internal readonly record struct NodeAttribute
{
    private readonly string? _text;
    private readonly Jid _jid;

    /// <summary>An attribute with a text.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The text.</param>
    public NodeAttribute(string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        Key = key;
        _text = value;
    }

    /// <summary>An attribute with a JID.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The JID; not the default value.</param>
    public NodeAttribute(string key, Jid value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (value.IsNone)
            throw new ArgumentException("A JID that names nothing is no value.", nameof(value));
        Key = key;
        _jid = value;
    }

    /// <summary>The key; null only in the default value.</summary>
    public string Key { get; }

    /// <summary>The value as a text; a JID in its textual form.</summary>
    public string Text => _text ?? _jid.ToString();

    /// <summary>The value if it was sent as a JID.</summary>
    public Jid? Jid => _text is null ? _jid : null;

    /// <summary>An attribute with a text, or none when it is null.</summary>
    /// <param name="pair">Key and text.</param>
    public static implicit operator NodeAttribute((string Key, string? Value) pair) => pair.Value is null ? default : new(pair.Key, pair.Value);

    /// <summary>An attribute with a JID, or none when it is null.</summary>
    /// <param name="pair">Key and JID.</param>
    public static implicit operator NodeAttribute((string Key, Jid? Value) pair) => pair.Value is { } value ? new(pair.Key, value) : default;

    /// <summary>The key; values may be somebody's number or name, and stay out of logs.</summary>
    /// <returns>The key.</returns>
    public override string ToString() => Key;
}
