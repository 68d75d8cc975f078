using System.Text;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices;

/// <summary>Groups and contacts of a device's account.</summary>
public sealed class DevicePeopleTests
{
    [Fact]
    public async Task Groups_are_listed_and_described_with_who_is_in_them()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var (bob, eva) = (world.AddPhone("Bob"), world.AddPhone("Eva"));
        var device = await world.LinkAsync(ana, phone);
        var (family, chess, others) = (phone.CreateGroup("Familia", bob.Pn, eva.Pn), bob.CreateGroup("Ajedrez", phone.Pn), bob.CreateGroup("Otros", eva.Pn));

        var page = await DeviceWorld.GetAsync(ana, $"device/{device.Id}/groups?limit=1");
        var rest = await DeviceWorld.GetAsync(ana, $"device/{device.Id}/groups?limit=1&cursor={page.Text("nextCursor")}");
        Assert.Null(rest.Text("nextCursor"));
        var listed = page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).ToDictionary(group => group.Text("subject")!);
        Assert.Equal(["Ajedrez", "Familia"], listed.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((family.ToString(), 3, true), (listed["Familia"].Text("group"), listed["Familia"].GetProperty("size").GetInt32(), listed["Familia"].GetProperty("isAdmin").GetBoolean()));
        Assert.False(listed["Ajedrez"].GetProperty("isAdmin").GetBoolean());

        var group = await DeviceWorld.GetAsync(ana, $"device/{device.Id}/groups/{chess}");
        Assert.Equal([(bob.Lid.ToString(), "+" + bob.Number, true), (phone.Lid.ToString(), "+" + phone.Number, false)],
            group.GetProperty("participants").EnumerateArray().Select(member => (member.Text("address"), member.Text("number"), member.GetProperty("isAdmin").GetBoolean())).OrderByDescending(member => member.Item3));
        await ana.GetPathAsync(DeviceWorld.PathOf($"device/{device.Id}/groups/{others}")).RefusedAsync(404, "NOT_FOUND");
        await ana.GetPathAsync(DeviceWorld.PathOf($"device/{device.Id}/groups/{bob.Pn}")).RefusedAsync(422, "INVALID");

        phone.Unlink(phone.Companions[0]);
        await DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).Text("status") == "revoked");
        await ana.GetPathAsync(DeviceWorld.PathOf($"device/{device.Id}/groups")).RefusedAsync(409, "DEVICE_DISCONNECTED");
        await ana.GetPathAsync(DeviceWorld.PathOf($"device/{device.Id}/contacts")).RefusedAsync(409, "DEVICE_DISCONNECTED");
    }

    [Fact]
    public async Task Contacts_have_the_names_of_the_address_book_and_of_those_who_write_and_lie_sealed()
    {
        await using var world = await DeviceWorld.StartAsync();
        var (ana, phone) = (await world.Server.SignUpAsync(), world.AddPhone("Ana"));
        var (bob, eva, stranger) = (world.AddPhone("Bob-3391"), world.AddPhone("Eva-3391"), world.AddPhone("Nadie-3391"));
        phone.SetContact(bob.Pn, "Roberto-3391 Pérez");
        var device = await world.LinkAsync(ana, phone);
        await UntilNamedAsync(device, bob.Number, "name", "Roberto-3391 Pérez");

        await device.SendAsync(new { to = "+" + eva.Number, message = "hola" }).OkJsonAsync();
        await DeviceWorld.UntilAsync(() => Task.FromResult(eva.Messages().Count == 1));
        await stranger.SendTextAsync(phone.Pn, "¿quién eres?");
        await eva.SendTextAsync(phone.Pn, "hola Ana");
        await UntilNamedAsync(device, eva.Number, "pushName", "Eva-3391");
        phone.SetContact(bob.Pn, "Beto-3391");
        await UntilNamedAsync(device, bob.Number, "name", "Beto-3391");

        var names = await ContactsAsync(device);
        Assert.Equal(2, names.Count);
        var page = await DeviceWorld.GetAsync(ana, $"device/{device.Id}/contacts?limit=1");
        Assert.Single((await DeviceWorld.GetAsync(ana, $"device/{device.Id}/contacts?cursor={page.Text("nextCursor")}")).GetProperty("items").EnumerateArray());
        var leaks = await world.Server.Database.AsService("test").ReadAsync(async work =>
            (await work.QueryAsync<byte[]>("SELECT book_name FROM whatsapp_device_contacts WHERE book_name IS NOT NULL UNION ALL SELECT push_name FROM whatsapp_device_contacts WHERE push_name IS NOT NULL"))
                .Count(value => value.AsSpan().IndexOf("3391"u8) >= 0));
        Assert.Equal(0, leaks);

        phone.SetContact(bob.Pn, null);
        await DeviceWorld.UntilAsync(async () => (await ContactsAsync(device)).TrueForAll(contact => contact.Text("number") != "+" + bob.Number));
    }

    private static async Task<List<System.Text.Json.JsonElement>> ContactsAsync(Device device) => [.. (await DeviceWorld.GetAsync(device.Browser, $"device/{device.Id}/contacts")).GetProperty("items").EnumerateArray()];

    private static async Task UntilNamedAsync(Device device, string number, string what, string name)
    {
        var said = new StringBuilder();
        await DeviceWorld.UntilAsync(async () =>
        {
            var contacts = await ContactsAsync(device);
            said.Clear().AppendJoin(' ', contacts.Select(contact => contact.ToString()));
            return contacts.Exists(contact => contact.Text("number") == "+" + number && contact.Text(what) == name);
        }, () => said.ToString());
    }
}
