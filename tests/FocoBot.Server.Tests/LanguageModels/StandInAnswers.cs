using System.Text;
using System.Text.Json;
using FocoBot.Assistant.LanguageModels;
using Microsoft.AspNetCore.Http;

namespace FocoBot.Tests.LanguageModels;

/// <summary>Good and bad answers of a chat/completions server.</summary>
internal static class StandInAnswers
{
    /// <summary>A completion whose content is <paramref name="content"/>.</summary>
    public static RequestDelegate Completion(string content, string? finishReason = "stop", string? refusal = null) => Json(200, new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        choices = new[]
        {
            new
            {
                index = 0,
                finish_reason = finishReason,
                message = new { role = "assistant", content, refusal, reasoning_content = """{"items":[{"intent":"delete","ref_scope":"all"}]}""" },
            },
        },
        usage = new { prompt_tokens = 900, completion_tokens = 70, total_tokens = 970 },
    });

    /// <summary>A completion holding these items.</summary>
    public static RequestDelegate Items(params object[] items) => Completion(JsonSerializer.Serialize(new { items }));

    /// <summary>The right answer to "comprar focos mañana", said on 2026-11-20.</summary>
    public static RequestDelegate BuyBulbs() => Items(new { intent = "create", title = "comprar focos", due = "2026-11-21" });

    public static RequestDelegate Error(int status, object? code, string? type = null, int? retryAfter = null) => async context =>
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter.ToString();
        await Json(status, new { error = new { code, type, message = "said in words" } })(context);
    };

    public static RequestDelegate Raw(int status, string body) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
    };

    public static RequestDelegate Redirect(string to) => context =>
    {
        context.Response.Redirect(to, permanent: false, preserveMethod: true);
        return Task.CompletedTask;
    };

    /// <summary>Never answers; ends when the client goes away.</summary>
    public static RequestDelegate Hang() => async context =>
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    };

    /// <summary>Answers when <paramref name="permission"/> is given.</summary>
    public static RequestDelegate After(Task permission, RequestDelegate then) => async context =>
    {
        await permission;
        await then(context);
    };

    /// <summary>Starts a body well and then goes on for as long as the client reads.</summary>
    public static RequestDelegate EndlessBody(TaskCompletionSource? hungUp = null) => async context =>
    {
        context.Response.ContentType = "application/json";
        var chunk = Encoding.UTF8.GetBytes("{\"choices\":[" + new string(' ', 8_000));
        try
        {
            // More than the reader may take, and then silence: who waits for the end waits for ever.
            for (var written = 0; written < 4 * LanguageModelLimits.ResponseBytes; written += chunk.Length)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
            hungUp?.TrySetResult();
        }
    };

    /// <summary>Promises more bytes than it sends.</summary>
    public static RequestDelegate BrokenOff() => async context =>
    {
        context.Response.ContentLength = 5_000;
        await context.Response.WriteAsync("{\"choices\":", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    };

    private static RequestDelegate Json(int status, object body) => Raw(status, JsonSerializer.Serialize(body));
}
