using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// A form that remembers whether it was given to a connection. The transport asks for the body only once a connection stands,
/// so as long as <see cref="WasStarted"/> is false the server cannot have seen the request.
/// </summary>
internal sealed class OutgoingForm : HttpContent
{
    private readonly byte[] _body;

    public OutgoingForm(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var pairs = fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}");
        _body = Encoding.ASCII.GetBytes(string.Join('&', pairs));
        Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    public bool WasStarted { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasStarted = true;
        return stream.WriteAsync(_body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
