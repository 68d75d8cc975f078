using System.Net;
using System.Security.Cryptography;
using System.Text;
using FocoBot.Devices;
using FocoBot.Devices.Files;
using FocoBot.Devices.Sending;
using FocoBot.Sandbox.Phones;
using FocoBot.Tests.Http;
using FocoBot.WhatsApp.Media;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FocoBot.Tests.Devices;

public sealed class DeviceMediaTests
{
    private static readonly (string Kind, string Shown, byte[] Head, string MimeType)[] Kinds =
    [
        ("image", "image", [0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
        ("video", "video", [0, 0, 0, 24, .. "ftypmp42"u8], "video/mp4"),
        ("audio", "audio", [.. "ID3"u8, 4, 0], "audio/mpeg"),
        ("voice", "ptt", [.. "OggS"u8, 0, 2, .. new byte[20], 1, 19, .. "OpusHead"u8], "audio/ogg; codecs=opus"),
        ("document", "document", [.. "%PDF-1.7"u8], "application/pdf"),
        ("sticker", "sticker", [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8], "image/webp"),
    ];

    [Fact]
    public async Task Every_kind_goes_out_as_a_form_and_comes_back_as_it_was()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, _, bob) = await LinkedAsync(world);
        foreach (var (kind, shown, head, mime) in Kinds)
        {
            var file = Bytes(head, 150_000);
            var caption = kind is "image" or "video" or "document" ? "mira esto" : "";
            using var response = await device.SendFormAsync(file, fileName: "cuentas de año.pdf", type: mime.Split(';')[0], fields: [("to", "+" + bob.Number), ("messageType", kind), ("message", caption)]);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            var sent = await response.JsonAsync();
            var seen = (await ShownAsync(bob, sent.GetProperty("messageId").GetString()!)).Media!;
            Assert.Equal((null, shown, mime, file.Length, Hash(file)), (seen.Problem, seen.Kind, seen.MimeType, seen.Size, seen.Sha256));
            Assert.Equal((caption.Length > 0 ? caption : null, kind == "document" ? "cuentas de año.pdf" : null), (seen.Caption, seen.FileName));
            Assert.Equal(file, await (await device.MediaAsync(sent.GetProperty("id").GetGuid())).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox") == 0);
        Assert.Empty(Waiting(world));
        Assert.Equal(["audio", "audio", "document", "image", "sticker", "video"], (await device.MessagesAsync()).Select(message => message.GetProperty("type").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_kind_that_comes_in_can_be_downloaded_as_an_attachment()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, ana, bob) = await LinkedAsync(world);
        await device.SendAsync(new { to = "+" + bob.Number, message = "mándame todo" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 1));
        foreach (var type in Enum.GetValues<MediaType>())
        {
            var file = Bytes([], 90_000 + (int)type);
            var mime = type is MediaType.Document ? "text/html" : "image/webp";
            var id = await bob.SendMediaAsync(ana.Pn, new MemoryStream(file), new MediaToSend { Type = type, MimeType = mime, FileName = type is MediaType.Document ? "../a\"b\r\nc.html" : null });
            using var response = await device.MediaAsync(await RowAsync(device, id));
            Assert.Equal(file, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Equal((HttpStatusCode.OK, mime, "attachment"), (response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Content.Headers.ContentDisposition?.DispositionType));
            Assert.Equal(("nosniff", "sandbox; default-src 'none'; frame-ancestors 'none'", "no-store"),
                (response.Headers.GetValues("X-Content-Type-Options").Single(), response.Headers.GetValues("Content-Security-Policy").Single(), response.Headers.CacheControl?.ToString()));
            if (type is MediaType.Document) Assert.Equal("a\"bc.html", response.Content.Headers.ContentDisposition?.FileNameStar);
        }
    }

    [Fact]
    public async Task A_file_that_is_gone_is_asked_of_the_phone_and_else_told_to_be_gone()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, ana, bob) = await LinkedAsync(world);
        var text = await device.SendAsync(new { to = "+" + bob.Number, message = "hola" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 1));
        var file = Bytes([], 5_000);
        var id = await bob.SendMediaAsync(ana.Pn, new MemoryStream(file), new MediaToSend { Type = MediaType.Image, MimeType = "image/jpeg" });
        var once = await bob.SendMediaAsync(ana.Pn, new MemoryStream(file), new MediaToSend { Type = MediaType.Image, MimeType = "image/jpeg", ViewOnce = true });
        var (row, onceRow) = (await RowAsync(device, id), await RowAsync(device, once));
        await ShownAsync(ana, id);

        ana.ExpireMedia(id);
        Assert.Equal(file, await (await device.MediaAsync(row)).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await RefusedAsync(device.MediaAsync(onceRow), 404, "NOT_FOUND");
        await RefusedAsync(device.MediaAsync(text.GetProperty("id").GetGuid()), 404, "NOT_FOUND");
        await RefusedAsync(device.MediaAsync(device.Id), 404, "NOT_FOUND");
        var stranger = await world.Server.SignUpAsync();
        await RefusedAsync((device with { Browser = stranger }).MediaAsync(row), 404, "NOT_FOUND");
        ana.ExpireMedia(id, alsoHere: true);
        using var gone = await RefusedAsync(device.MediaAsync(row), 410, "MEDIA_GONE");
        Assert.Null(gone.Content.Headers.ContentDisposition);

        world.Replace(world.Server.Services.GetRequiredService<DeviceSupervisor>().Find(device.Id)!.Client.Device!.PhoneJid!.Value);
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).GetProperty("connectionState").GetString() != "connected");
        await RefusedAsync(device.MediaAsync(row), 409, "DEVICE_DISCONNECTED");
    }

    [Fact]
    public async Task A_file_at_an_address_is_fetched_when_its_message_is_accepted_and_once()
    {
        var file = Bytes(Kinds[0].Head, 80_000);
        await using var host = await FileHost.StartAsync(context => context.Response.Body.WriteAsync(file, context.RequestAborted).AsTask());
        await using var world = await DeviceWorld.StartInRealTimeAsync(services => services.Replace(ServiceDescriptor.Singleton(host.Network)));
        var (device, _, bob) = await LinkedAsync(world);
        var request = new { to = "+" + bob.Number, messageType = "image", mediaUrl = "https://files.example.com/foto.jpg", message = "de lejos" };
        var sent = await device.SendAsync(request, "k1").OkJsonAsync();
        Assert.Equal(sent.GetProperty("id").GetGuid(), (await device.SendAsync(request, "k1").OkJsonAsync()).GetProperty("id").GetGuid());
        await RefusedAsync(device.SendAsync(new { request.to, request.messageType, mediaUrl = "https://files.example.com/otra.jpg" }, "k1"), 422, "IDEMPOTENCY_MISMATCH");
        Assert.Single(host.Requests);
        var seen = await ShownAsync(bob, sent.GetProperty("messageId").GetString()!);
        Assert.Equal((Hash(file), "de lejos"), (seen.Media!.Sha256, seen.Media.Caption));

        foreach (var url in new[] { "http://files.example.com/", "https://127.0.0.1/", "https://10.0.0.1/", "file:///etc/passwd" })
            await RefusedAsync(device.SendAsync(new { request.to, request.messageType, mediaUrl = url }), 422, "INVALID");
        Assert.Single(host.Requests);
        Assert.Single(bob.Messages());
    }

    [Fact]
    public async Task The_same_key_sends_a_form_once_and_another_file_under_it_is_refused()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, _, bob) = await LinkedAsync(world);
        var fields = new[] { ("to", "+" + bob.Number), ("messageType", "document"), ("undoSeconds", "60") };
        var file = Bytes([], 1_000);
        var first = await device.SendFormAsync(file, "k1", fields: fields).OkJsonAsync();
        var again = await device.SendFormAsync(file, "k1", fields: fields).OkJsonAsync();
        Assert.Equal(first.GetProperty("id").GetGuid(), again.GetProperty("id").GetGuid());
        await RefusedAsync(device.SendFormAsync(Bytes([1], 1_000), "k1", fields: fields), 422, "IDEMPOTENCY_MISMATCH");
        Assert.Single(Waiting(world));
    }

    [Fact]
    public async Task What_is_too_large_of_another_kind_or_no_form_is_refused_and_leaves_nothing()
    {
        await using var host = await FileHost.StartAsync(async context =>
        {
            for (var i = 0; i < 20 * 16 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
        });
        await using var world = await DeviceWorld.StartInRealTimeAsync(services => services.Replace(ServiceDescriptor.Singleton(host.Network)));
        var (device, _, bob) = await LinkedAsync(world);
        (string, string)[] Fields(string kind, params (string, string)[] more) => [("to", "+" + bob.Number), ("messageType", kind), .. more];
        var jpeg = Bytes(Kinds[0].Head, 1_000);

        await RefusedAsync(device.SendFormAsync(Bytes(Kinds[0].Head, 16 * 1024 * 1024 + 1), fields: Fields("image")), 413, "MESSAGE_TOO_LARGE");
        await RefusedAsync(device.SendFormAsync(new byte[101 * 1024 * 1024 + 1], fields: Fields("document")), 413, "MESSAGE_TOO_LARGE");
        await RefusedAsync(device.SendAsync(new { to = "+" + bob.Number, messageType = "image", mediaUrl = "https://files.example.com/" }), 413, "MESSAGE_TOO_LARGE");
        await RefusedAsync(device.SendAsync(new { to = "+" + bob.Number, message = new string('a', 300_000) }), 413, "MESSAGE_TOO_LARGE");
        foreach (var (kind, _, _, _) in Kinds.Where(kind => kind.Kind != "document"))
            await RefusedAsync(device.SendFormAsync(Encoding.UTF8.GetBytes("<html>no es lo que dice</html>"), type: "image/jpeg", fields: Fields(kind)), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync([], fields: Fields("document")), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync(null, fields: Fields("image")), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync(jpeg, fields: Fields("text")), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync(jpeg, fields: Fields("sticker", ("message", "hola"))), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync(jpeg, fields: Fields("image", ("mediaUrl", "https://files.example.com/"))), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync(jpeg, fields: Fields("image", ("undoSeconds", "soon"))), 422, "INVALID");
        await RefusedAsync(device.SendAsync(new { to = "+" + bob.Number, messageType = "image" }), 422, "INVALID");
        await RefusedAsync(device.SendFormAsync(jpeg, fields: [("to", "+15557654321"), ("messageType", "image")]), 422, "INVALID_RECIPIENT");
        using var broken = new ByteArrayContent([.. "--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nabc"u8]);
        broken.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        await RefusedAsync(device.Browser.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/send"), broken, TestContext.Current.CancellationToken), 400, "INVALID");

        Assert.Empty(Waiting(world));
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_messages"));
    }

    [Fact]
    public async Task A_waiting_file_is_readable_nowhere_survives_a_restart_and_goes_with_an_undo()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, _, bob) = await LinkedAsync(world);
        var planted = Encoding.UTF8.GetBytes("plantado-8842 " + new string('x', 200_000) + " plantado-8842");
        var fields = new[] { ("to", "+" + bob.Number), ("messageType", "document"), ("message", "plantado-8842"), ("fileName", "plantado-8842.txt"), ("undoSeconds", "60") };
        var kept = await device.SendFormAsync(planted, fields: fields).OkJsonAsync();
        var undone = await device.SendFormAsync(planted, fields: fields).OkJsonAsync();
        Assert.Equal(2, Waiting(world).Length);
        Assert.DoesNotContain(Directory.EnumerateFiles(world.Server.Data.Directory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)), file => Holds(file, "plantado-8842"u8));
        foreach (var file in Waiting(world))
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        using var undo = await device.Browser.DeleteAsync(DeviceWorld.PathOf($"device/{device.Id}/send/{undone.GetProperty("id").GetGuid()}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, undo.StatusCode);
        var waiting = Assert.Single(Waiting(world));
        // What a crash left goes at the next start.
        File.Copy(waiting, Path.Combine(Path.GetDirectoryName(waiting)!, $"{undone.GetProperty("id").GetGuid():N}.sealed"));
        await world.RestartAsync();
        device = device with { Browser = await world.SignInAsync() };
        await device.UntilConnectedAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(Waiting(world) is [var left] && left == waiting));

        await world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("UPDATE whatsapp_device_outbox SET due_at = created_at"));
        var seen = await ShownAsync(bob, kept.GetProperty("messageId").GetString()!);
        Assert.Equal((Hash(planted), "plantado-8842.txt"), (seen.Media!.Sha256, seen.Media.FileName));
        Assert.Empty(Waiting(world));
    }

    [Fact]
    public async Task A_file_is_uploaded_once_and_a_later_try_sends_the_same()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, _, bob) = await LinkedAsync(world);
        var file = Bytes(Kinds[0].Head, 70_000);
        var sent = await device.SendFormAsync(file, fields: [("to", "+" + bob.Number), ("messageType", "image"), ("undoSeconds", "60")]).OkJsonAsync();
        var id = sent.GetProperty("id").GetGuid();
        var live = world.Server.Services.GetRequiredService<DeviceSupervisor>().Find(device.Id)!;
        async Task<OutboxBody> BodyAsync() => live.Kept.Key.OpenJson<OutboxBody>(DeviceOutbox.BodyColumn, id, await world.ScalarAsync<byte[]>("SELECT body FROM whatsapp_device_outbox WHERE id = @id", new { id }));

        // As far as a sender comes that then dies.
        var courier = world.Server.Services.GetRequiredService<MediaCourier>();
        var (before, waiting) = (await BodyAsync(), Waiting(world));
        var first = await courier.MessageAsync(live, id, before, before.File!, TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (waiting.Length, Waiting(world).Length));
        var after = await BodyAsync();
        Assert.Equal(first, await courier.MessageAsync(live, id, after, after.File!, TestContext.Current.CancellationToken));

        await world.Server.Database.AsService("test").WriteAsync(work => work.ExecuteAsync("UPDATE whatsapp_device_outbox SET due_at = created_at"));
        var seen = await ShownAsync(bob, sent.GetProperty("messageId").GetString()!);
        Assert.Equal((Hash(file), first.ImageMessage.MediaKey), (seen.Media!.Sha256, seen.Message.ImageMessage.MediaKey));
    }

    [Fact]
    public async Task A_key_without_the_scope_downloads_nothing()
    {
        await using var world = await DeviceWorld.StartInRealTimeAsync();
        var (device, _, _) = await LinkedAsync(world);
        using var program = world.Server.Program(await TestServer.ApiKeyAsync(device.Browser, "messages:send", "devices:read"));
        using var refused = await (device with { Browser = program }).MediaAsync(device.Id);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task<(Device Device, VirtualPhone Ana, VirtualPhone Bob)> LinkedAsync(DeviceWorld world)
    {
        var phone = world.AddPhone("Ana");
        return (await world.LinkAsync(await world.Server.SignUpAsync(), phone), phone, world.AddPhone("Bob"));
    }

    private static string[] Waiting(DeviceWorld world) => Directory.Exists(Path.Combine(world.Server.Data.Directory, "media")) ? Directory.GetFiles(Path.Combine(world.Server.Data.Directory, "media")) : [];

    private static async Task<PhoneMessage> ShownAsync(VirtualPhone phone, string id)
    {
        var shown = default(PhoneMessage);
        await DeviceWorld.UntilAsync(() => Task.FromResult((shown = phone.Messages().FirstOrDefault(message => message.Id == id)) is not null), () => id);
        return shown!;
    }

    private static async Task<Guid> RowAsync(Device device, string messageId)
    {
        var row = Guid.Empty;
        await DeviceWorld.UntilAsync(async () =>
        {
            foreach (var message in await device.MessagesAsync())
                if (message.GetProperty("messageId").GetString() == messageId) row = message.GetProperty("id").GetGuid();
            return row != Guid.Empty;
        }, () => messageId);
        return row;
    }

    private static async Task<HttpResponseMessage> RefusedAsync(Task<HttpResponseMessage> pending, int status, string code)
    {
        var response = await pending;
        Assert.Equal((status, code), ((int)response.StatusCode, (await response.JsonAsync()).GetProperty("code").GetString()));
        return response;
    }

    private static bool Holds(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var all = new MemoryStream();
        file.CopyTo(all);
        return all.ToArray().AsSpan().IndexOf(bytes) >= 0;
    }

    private static byte[] Bytes(byte[] head, int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        head.CopyTo(bytes, 0);
        return bytes;
    }

    private static string Hash(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
