using FocoBot.WhatsApp.Media;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Media;

public class MediaReferenceTests
{
    [Fact]
    public void A_message_without_a_file_has_no_reference() => Assert.Null(MediaReference.Of(new Message { Conversation = "hola" }));

    [Fact]
    public void Wrappers_are_looked_through()
    {
        var document = new Message { DocumentMessage = Document() };
        var wrapped = new Message { EphemeralMessage = new() { Message = new() { DocumentWithCaptionMessage = new() { Message = document } } } };
        var reference = MediaReference.Of(wrapped)!;
        Assert.Equal((MediaKind.Document, 5, "/v/a?b"), (reference.Kind, reference.File.FileLength, reference.Path));
    }

    [Fact]
    public void Without_a_direct_path_the_path_of_the_url_counts()
    {
        var document = Document();
        document.ClearDirectPath();
        document.Url = "https://example.org/v/c?d=e";
        Assert.Equal("/v/c?d=e", MediaReference.Of(new() { DocumentMessage = document })!.Path);
    }

    [Fact]
    public void What_can_not_be_true_is_refused()
    {
        Assert.All(
            (Action<DocumentMessage>[])
            [
                d => d.ClearMediaKey(), d => d.MediaKey = ByteString.CopyFrom(new byte[31]), d => d.FileSha256 = ByteString.CopyFrom(new byte[33]), d => d.ClearFileEncSha256(),
                d => d.FileLength = ulong.MaxValue, d => d.FileLength = (1UL << 31) + 1, d => d.ClearDirectPath(), d => d.DirectPath = "v/a", d => d.DirectPath = "/",
                d => d.DirectPath = "/" + new string('a', 5000),
                d => (d.DirectPath, d.Url) = ("", "http://example.org/v/a"), d => (d.DirectPath, d.Url) = ("", "file:///etc/passwd"), d => (d.DirectPath, d.Url) = ("", "nonsense"),
            ],
            change =>
            {
                var document = Document();
                change(document);
                Assert.Throws<ProtocolException>(() => MediaReference.Of(new() { DocumentMessage = document }));
            });
    }

    private static DocumentMessage Document() => new()
    {
        MediaKey = ByteString.CopyFrom(new byte[32]), FileSha256 = ByteString.CopyFrom(new byte[32]), FileEncSha256 = ByteString.CopyFrom(new byte[32]), FileLength = 5, DirectPath = "/v/a?b",
    };
}
