using System.Net.Http.Headers;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>Sends one <c>POST …/chat/completions</c> and reads the answer within its bounds.</summary>
internal sealed class ChatCompletions(IHttpClientFactory clients, TimeProvider clock)
{
    public const string ClientName = "language-models";

    /// <summary>The outcome of one call.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; time limits are the caller's.</exception>
    public async Task<ChatOutcome> SendAsync(Endpoint endpoint, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url)
        {
            Content = new ByteArrayContent(ChatRequest.Write(endpoint, messages)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.ApiKey);

        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await ReadBoundedAsync(response.Content, cancellationToken);
            var status = (int)response.StatusCode;
            return body is null
                ? ChatOutcome.Failed(FailureKind.Malformed, status)
                : ChatResponse.Read(endpoint.Provider, status, RetryAfter(response.Headers.RetryAfter), body.Value);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return ChatOutcome.Failed(FailureKind.Unreachable);
        }
    }

    // Null when there is more than an honest answer holds. Content-Length is a claim, so the bytes are counted.
    private static async Task<ReadOnlyMemory<byte>?> ReadBoundedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        var length = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > LanguageModelLimits.ResponseBytes)
                return null;
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
        return buffer.AsMemory(0, length);
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }
}
