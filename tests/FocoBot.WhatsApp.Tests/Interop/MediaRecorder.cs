using System.Collections.Concurrent;
using System.Net;
using System.Web;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>Passes transfers on and remembers what was fetched.</summary>
internal sealed class MediaRecorder(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ConcurrentQueue<string> _fetched = new();

    /// <summary>The kinds of files that were asked for.</summary>
    public IReadOnlyCollection<string> Fetched => _fetched;

    /// <summary>What is answered instead; null to pass on.</summary>
    public HttpStatusCode? Answer { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
            _fetched.Enqueue(HttpUtility.ParseQueryString(request.RequestUri!.Query)["mms-type"] ?? "");
        return Answer is { } status ? Task.FromResult(new HttpResponseMessage(status)) : base.SendAsync(request, cancellationToken);
    }
}
