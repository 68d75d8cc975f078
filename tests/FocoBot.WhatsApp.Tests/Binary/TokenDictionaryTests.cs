using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.WhatsApp.Tests.Binary;

public class TokenDictionaryTests
{
    private static readonly JsonElement Vector = Vectors.Load("token-dictionary.json");
    private static readonly string[] Single = [.. Enumerable.Range(0, 236).Select(i => TokenDictionary.GetSingle((byte)i))];
    private static readonly string[][] Double = [.. Enumerable.Range(0, 4).Select(d => Enumerable.Range(0, 256).Select(i => TokenDictionary.GetDouble(d, (byte)i)).ToArray())];

    [Fact]
    public void The_lists_are_those_of_the_real_clients()
    {
        Assert.Equal(TokenDictionary.Version, Vector.GetProperty("dict_version").GetInt32());
        Assert.Equal(Vector.GetProperty("single").GetProperty("count").GetInt32(), Single.Length);
        Assert.Equal(Vector.GetProperty("single").GetProperty("sha256").GetString(), Hash(Single));
        Assert.Equal(Vector.GetProperty("double").EnumerateArray().Select(list => list.GetProperty("sha256").GetString()), Double.Select(Hash));
        Assert.Equal(Vector.GetProperty("all_sha256").GetString(), Hash([.. Single, .. Double.SelectMany(list => list)]));
    }

    [Fact]
    public void Every_token_is_found_by_its_text()
    {
        for (var i = 1; i < Single.Length; i++)
            Assert.True(TokenDictionary.TryGetCode(Single[i], out var code) && code == i);
        for (var d = 0; d < 4; d++)
        {
            for (var i = 0; i < 256; i++)
                Assert.True(TokenDictionary.TryGetCode(Double[d][i], out var code) && code == ((236 + d) << 8 | i));
        }
    }

    [Fact]
    public void The_probes_have_the_bytes_they_should()
    {
        foreach (var probe in Vector.GetProperty("probes").EnumerateObject())
        {
            var known = TokenDictionary.TryGetCode(probe.Name, out var code);
            Assert.Equal(probe.Value.ValueKind != JsonValueKind.Null, known);
            if (known)
                Assert.Equal(probe.Value.GetProperty("byte").GetInt32(), code);
        }

        Assert.False(TokenDictionary.TryGetCode("", out _));
    }

    private static string Hash(IEnumerable<string> tokens) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', tokens))));
}
