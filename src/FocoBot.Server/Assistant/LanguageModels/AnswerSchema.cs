namespace FocoBot.Assistant.LanguageModels;

/// <summary>
/// The JSON schema of an answer for providers that enforce one. Strict mode wants every property required and no others; the finer rules
/// (real dates, ranges, grammars) are ours, see <see cref="AnswerReader"/>.
/// </summary>
internal static class AnswerSchema
{
    public const string ResponseFormat = """
        {"type":"json_schema","json_schema":{"name":"interpretation","strict":true,"schema":
        {"type":"object","additionalProperties":false,"required":["items"],"properties":{"items":{"type":"array","items":
        {"type":"object","additionalProperties":false,
        "required":["intent","title","due","due_has_time","recurrence","priority","refs","ref_text","ref_scope","filter","code","setting"],
        "properties":{
        "intent":{"type":"string","enum":["create","list","complete","delete","edit","reschedule","undo","help","verify","settings","greeting","thanks","stop","unknown"]},
        "title":{"type":["string","null"]},
        "due":{"type":["string","null"]},
        "due_has_time":{"type":"boolean"},
        "recurrence":{"type":["string","null"]},
        "priority":{"type":["string","null"],"enum":["high","medium","low",null]},
        "refs":{"type":"array","items":{"type":"integer"}},
        "ref_text":{"type":["string","null"]},
        "ref_scope":{"type":["string","null"],"enum":["all","last",null]},
        "filter":{"type":["string","null"]},
        "code":{"type":["string","null"]},
        "setting":{"anyOf":[{"type":"null"},{"type":"object","additionalProperties":false,"required":["key","value"],
        "properties":{"key":{"type":"string","enum":["timezone","language","digest"]},"value":{"type":"string"}}}]}
        }}}}}}}
        """;
}
