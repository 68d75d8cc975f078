using FocoBot.Sandbox.Phones;
using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.Tests.Devices;

public sealed class DeviceAssistantTests
{
    [Fact]
    public async Task The_chat_with_oneself_talks_to_the_assistant()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone, _) = await ListeningAsync(world);
        await phone.SendTextAsync(phone.Pn, "Nueva tarea - Llamar a Juan mañana a las 3pm");
        Assert.Contains("Llamar a Juan", (await AnswerAsync(world, phone, 1)).Text, StringComparison.Ordinal);
        await phone.SendTextAsync(phone.Pn, "/tareas");
        Assert.Contains("Llamar a Juan", (await AnswerAsync(world, phone, 2)).Text, StringComparison.Ordinal);
        var task = Assert.Single((await ana.GetAsync("/api/tasks", TestContext.Current.CancellationToken).OkJsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal("Llamar a Juan", task.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Without_the_owners_word_it_does_not_listen()
    {
        await using var world = await DeviceWorld.StartAsync();
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        await phone.SendTextAsync(phone.Pn, "Nueva tarea - Llamar a Juan");
        await device.MessageAsync("Nueva tarea - Llamar a Juan");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Fact]
    public async Task Nobody_else_can_give_it_orders()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (_, phone, device) = await ListeningAsync(world);
        var bob = world.AddPhone("Bob");
        await device.SendAsync(new { to = "+" + bob.Number, message = "hola" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 1));
        await bob.SendTextAsync(phone.Pn, "Nueva tarea - hackear");
        await device.MessageAsync("Nueva tarea - hackear");
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM inbox"));
    }

    [Fact]
    public async Task A_pinned_message_becomes_a_task_once()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone, device) = await ListeningAsync(world);
        var bob = world.AddPhone("Bob");
        await device.SendAsync(new { to = "+" + bob.Number, message = "hola" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(bob.Messages().Count == 1));
        var id = await bob.SendTextAsync(phone.Pn, "Manda el contrato el viernes");
        await device.MessageAsync("Manda el contrato el viernes");

        for (var i = 0; i < 2; i++) await phone.SendMessageAsync(bob.Pn, NewMessage.Reaction(phone.Shown(id).Reference, "📌", world.Clock.GetUtcNow()));
        Assert.Contains("contrato", (await AnswerAsync(world, phone, 1)).Text, StringComparison.Ordinal);
        await DeviceWorld.UntilAsync(async () => await world.ScalarAsync<long>("SELECT count(*) FROM whatsapp_messages WHERE message_type = 'reaction'") == 2);
        var task = Assert.Single((await ana.GetAsync("/api/tasks", TestContext.Current.CancellationToken).OkJsonAsync()).GetProperty("items").EnumerateArray());
        Assert.StartsWith("2026-11-27", task.GetProperty("due").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(id, await world.ScalarAsync<string>("SELECT source_message FROM tasks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_while_the_server_was_away_acts_once_afterwards()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (_, phone, _) = await ListeningAsync(world);
        await world.Server.StopAsync();
        await phone.SendTextAsync(phone.Pn, "Nueva tarea - Regar las plantas");
        await world.RestartAsync();
        Assert.Contains("Regar las plantas", (await AnswerAsync(world, phone, 1)).Text, StringComparison.Ordinal);
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM tasks"));
    }

    private static async Task<(HttpClient Browser, VirtualPhone Phone, Device Device)> ListeningAsync(DeviceWorld world)
    {
        var ana = await world.Server.SignUpAsync();
        var phone = world.AddPhone("Ana");
        var device = await world.LinkAsync(ana, phone);
        using var changed = await ana.PatchAsync(DeviceWorld.PathOf($"device/{device.Id}"), BusinessChannel.JsonContentOf(new { consent = new { assistant = true } }), TestContext.Current.CancellationToken);
        Assert.True(changed.IsSuccessStatusCode);
        return (ana, phone, device);
    }

    // What the phone shows that it has not written itself, in the chat with itself.
    private static async Task<PhoneMessage> AnswerAsync(DeviceWorld world, VirtualPhone phone, int which)
    {
        List<PhoneMessage> answers = [];
        await world.AdvanceUntilAsync(DeviceWorld.UntilAsync(() =>
        {
            answers = [.. phone.Messages().Where(message => message.From.WithoutDevice() == phone.Pn && message.Chat == phone.Pn && message.Reference.FromMe && message.Text?.StartsWith("Nueva tarea", StringComparison.Ordinal) == false && message.Text != "/tareas")];
            return Task.FromResult(answers.Count >= which);
        }, () => string.Join(" | ", phone.Messages().Select(message => $"{message.From} {message.Chat} {message.Text}"))));
        return answers[which - 1];
    }
}
