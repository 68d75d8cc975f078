using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FocoBot.Tests.LanguageModels;

/// <summary>
/// A chat/completions server on this machine that plays one provider. It answers a request outside the provider's dialect with 400, as
/// the real one does, and otherwise as the test says.
/// </summary>
internal sealed class LanguageModelStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ProviderDialect _dialect;

    private LanguageModelStandIn(ProviderDialect dialect)
    {
        _dialect = dialect;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>The next answers; when they are used up, the last one is given again.</summary>
    public Queue<RequestDelegate> Answers { get; } = new();

    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    public string BaseUrl => _app.Urls.Single() + "/v1/";

    /// <summary>What was wrong with requests, in words; empty when the client speaks the dialect.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<LanguageModelStandIn> StartAsync(string provider)
    {
        var standIn = new LanguageModelStandIn(ProviderDialect.Of(provider));
        await standIn._app.StartAsync();
        return standIn;
    }

    /// <summary>Completes when one more call has arrived.</summary>
    public async Task ArrivedAsync() =>
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)), "no call arrived");

    public void Answer(params RequestDelegate[] answers)
    {
        Answers.Clear();
        foreach (var answer in answers)
            Answers.Enqueue(answer);
    }

    public async ValueTask DisposeAsync()
    {
        // Calls that still hang are cut, so that a failing test ends as quickly as a good one.
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        _calls.Enqueue(new ReceivedCall(context.Request.Headers.Authorization.ToString(), body.RootElement.Clone(), body.RootElement.GetRawText()));
        var complaints = _dialect.Check(context.Request, body.RootElement).ToList();
        complaints.ForEach(Complaints.Enqueue);
        _arrived.Release();
        var answer = complaints.Count > 0 ? StandInAnswers.Error(400, "invalid_request") : Answers.Count > 1 ? Answers.Dequeue() : Answers.Peek();
        await using var cut = _stopping.Token.Register(context.Abort);
        await answer(context).WaitAsync(_stopping.Token);
    }
}

internal sealed record ReceivedCall(string Authorization, JsonElement Body, string Raw)
{
    public IReadOnlyList<(string Role, string Content)> Messages =>
        [.. Body.GetProperty("messages").EnumerateArray().Select(m => (m.GetProperty("role").GetString()!, m.GetProperty("content").GetString()!))];
}
