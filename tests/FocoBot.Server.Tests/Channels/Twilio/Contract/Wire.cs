using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace FocoBot.Tests.Channels.Twilio.Contract;

/// <summary>The way from our client to Prism: notes the parameters that pass, and Prism's complaints on the way back.</summary>
internal sealed class Wire(Uri url) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>Where it leads.</summary>
    public Uri Url { get; } = url;

    /// <summary>Which of its answers Prism shall give.</summary>
    public string? Prefer { get; init; }

    /// <summary>A change to make to each form.</summary>
    public Func<string, string>? Rewrite { get; init; }

    /// <summary>The names of all parameters seen, of forms and queries.</summary>
    public HashSet<string> Names { get; } = [];

    /// <summary>What Prism found wrong.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Fetches something the client has no call for.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var http = new HttpClient(this, disposeHandler: false);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("a:b"u8));
        return await http.GetStringAsync(new Uri(Url, path));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Prefer is not null)
            request.Headers.Add("Prefer", Prefer);
        Names.UnionWith(QueryHelpers.ParseQuery(request.RequestUri!.Query).Keys);
        if (request.Content is { } content)
        {
            var form = await content.ReadAsStringAsync(cancellationToken);
            Names.UnionWith(QueryHelpers.ParseQuery(form).Keys);
            request.Content = new StringContent(Rewrite is null ? form : Rewrite(form), Encoding.UTF8, content.Headers.ContentType!.MediaType!);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.Headers.TryGetValues("sl-violations", out var violations))
            Violations.AddRange(violations);
        return answer;
    }
}
