using System.Globalization;
using System.Text;
using FocoBot.Devices.Sending;
using FocoBot.Http;
using FocoBot.Messages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FocoBot.Devices.Files;

/// <summary>A message with its file, or what is wrong with it.</summary>
internal sealed record Received(SendRequest? Request, ArrivedFile? File, ProblemHttpResult? Problem = null)
{
    public static implicit operator Received(ProblemHttpResult problem) => new(null, null, problem);
}

/// <summary>Takes files in, from a form or from an address, straight into the spool: no file is in memory, and none on the disk in the clear.</summary>
internal sealed class MediaReceiver(MediaSpool spool, GuardedFetch fetch)
{
    /// <summary>Fetches the file of a message that names an address.</summary>
    public async Task<Received> FetchAsync(KeptDevice device, Guid id, SendRequest request, CancellationToken cancellation)
    {
        var most = MediaKinds.MostBytes(request.MessageType!);
        try
        {
            await using var fetched = await fetch.GetAsync(request.MediaUrl!, new FetchRules(most, MediaLimits.FetchTime), cancellation).ConfigureAwait(false);
            var file = await spool.StoreAsync(device, id, fetched.Body, most, cancellation).ConfigureAwait(false);
            return file is null ? TooLarge(most) : new Received(request, file with { SaidType = fetched.ContentType, Name = Uri.UnescapeDataString(fetched.Address.Segments[^1]) });
        }
        catch (FetchRefusedException refused)
        {
            return refused.Reason is FetchRefusal.TooLarge ? TooLarge(most) : Problem.Invalid("mediaUrl", refused.Detail);
        }
    }

    /// <summary>Reads a form: the fields of a message, and its <c>file</c>.</summary>
    public async Task<Received> ReadAsync(KeptDevice device, Guid id, HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary) return StatusProblems.Of(400);
        var reader = new MultipartReader(boundary, request.Body);
        var fields = new List<(string Name, string Value)>();
        Memory<byte> room = new byte[MediaLimits.Text];
        ArrivedFile? file = null;
        ProblemHttpResult? problem = null;
        try
        {
            while (problem is null && await NextAsync(reader, cancellation).ConfigureAwait(false) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var about) || HeaderUtilities.RemoveQuotes(about.Name).Value is not { } name) problem = StatusProblems.Of(400);
                else if (!about.IsFileDisposition())
                {
                    await using var body = new FormBody(section.Body);
                    var length = await body.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
                    if (length == room.Length || fields.Count == MediaLimits.Fields) problem = Problem.Of(413, "MESSAGE_TOO_LARGE", "The form has too much text.");
                    fields.Add((name, Encoding.UTF8.GetString(room.Span[..length])));
                    room = room[length..];
                }
                else if (name != "file" || file is not null) problem = Problem.Invalid(name, "There is one file, and it is called file.");
                else
                {
                    var most = fields.Find(field => field.Name == "messageType").Value is { } kind ? MediaKinds.MostBytes(kind) : MediaLimits.Document;
                    file = await spool.StoreAsync(device, id, new FormBody(section.Body), most, cancellation).ConfigureAwait(false);
                    if (file is null) problem = TooLarge(most);
                    else file = file with { SaidType = section.ContentType, Name = HeaderUtilities.RemoveQuotes(about.FileNameStar.HasValue ? about.FileNameStar : about.FileName).Value };
                }
            }

            var message = problem is null ? RequestOf(fields, out problem) : null;
            var received = problem is null ? new Received(message, file) : problem;
            if (problem is null) file = null; // the caller's from here on
            return received;
        }
        catch (InvalidDataException e)
        {
            throw new BadHttpRequestException("The form can't be read.", StatusCodes.Status400BadRequest, e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    public static ProblemHttpResult TooLarge(long most) => Problem.Of(413, "MESSAGE_TOO_LARGE", $"The file is larger than {most / (1024 * 1024)} MiB.");

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw BrokenOff(e);
        }
    }

    private static SendRequest? RequestOf(List<(string Name, string Value)> fields, out ProblemHttpResult? problem)
    {
        var made = new SendRequest();
        foreach (var (name, value) in fields)
        {
            SendRequest? next = name switch
            {
                "to" => made with { To = value },
                "message" => made with { Message = value },
                "messageType" => made with { MessageType = value },
                "fileName" => made with { FileName = value },
                "country" => made with { Country = value },
                "mentions" => made with { Mentions = [.. made.Mentions ?? [], value] },
                "replyTo" => Guid.TryParse(value, out var id) ? made with { ReplyTo = id } : null,
                "sendAt" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? made with { SendAt = at } : null,
                "undoSeconds" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? made with { UndoSeconds = seconds } : null,
                _ => null,
            };
            if (next is null)
            {
                problem = Problem.Invalid(name, "The field is none of a message with a file, or its value has the wrong form.");
                return null;
            }

            made = next;
        }

        problem = null;
        return made;
    }

    private static BadHttpRequestException BrokenOff(IOException e) => new("The body broke off.", StatusCodes.Status400BadRequest, e);

    // A body that breaks off is its sender's fault; trouble with the disk is not.
    private sealed class FormBody(Stream body) : ReadStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException e) when (e is not BadHttpRequestException)
            {
                throw BrokenOff(e);
            }
        }
    }
}
