using System.Net;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// A form that remembers whether it was given to a connection. The transport asks for the body only once a connection stands,
/// so as long as <see cref="WasStarted"/> is false the server cannot have seen the request.
/// </summary>
internal sealed class OutgoingForm(IEnumerable<KeyValuePair<string, string>> fields) : FormUrlEncodedContent(fields)
{
    public bool WasStarted { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasStarted = true;
        return base.SerializeToStreamAsync(stream, context, cancellationToken);
    }
}
