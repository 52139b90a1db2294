using Sprache;

namespace Symbolic.Caffe;

/// <summary>The grammar of protobuf's text format, which is what prototxt files are written in.</summary>
internal static class PrototxtGrammar
{
    private static readonly Parser<char> Colon = PrototxtTokens.Symbol(':');

    private static readonly Parser<char> Separator = PrototxtTokens.Symbol(';').XOr(PrototxtTokens.Symbol(','));

    private static readonly Parser<ValueSyntax> Strings =
        from here in PrototxtTokens.Here
        from first in PrototxtTokens.String
        from others in Repeated(PrototxtTokens.String)
        select new StringSyntax(here.Line, here.Column, others.Count == 0 ? first : [.. first, .. others.SelectMany(piece => piece)]);

    private static readonly Parser<ValueSyntax> Message =
        Between('{', '}').XOr(Between('<', '>'));

    private static readonly Parser<ValueSyntax> Single =
        Named(Message.XOr(Strings).XOr(PrototxtTokens.Literal), "a value");

    private static readonly Parser<IReadOnlyList<ValueSyntax>> Items =
        from first in Single
        from others in Repeated(from comma in PrototxtTokens.Symbol(',') from item in Single select item)
        select (IReadOnlyList<ValueSyntax>)[first, .. others];

    private static readonly Parser<ValueSyntax> List =
        from here in PrototxtTokens.Here
        from open in PrototxtTokens.Symbol('[')
        from items in Items.XOptional()
        from close in Named(PrototxtTokens.Symbol(']'), items.IsDefined ? "','" : "a value", "']'")
        select new ListSyntax(here.Line, here.Column, items.GetOrElse([]));

    private static readonly Parser<ValueSyntax> AfterColon = Named(List.XOr(Single), "a value");

    private static readonly Parser<ValueSyntax> WithoutColon = List.XOr(Message);

    private static readonly Parser<FieldSyntax> Field =
        from here in PrototxtTokens.Here
        from name in PrototxtTokens.Name
        from colon in Colon.XOptional()
        from value in colon.IsDefined ? AfterColon : Named(WithoutColon, "':'", "'{'")
        from separator in Separator.XOptional()
        select new FieldSyntax(here.Line, here.Column, name, colon.IsDefined, value);

    private static readonly Parser<MessageSyntax> File =
        from here in PrototxtTokens.Here
        from fields in Repeated(Field)
        from end in PrototxtTokens.End
        select new MessageSyntax(here.Line, here.Column, fields);

    /// <summary>The fields of a whole text, whose size and nesting have been checked.</summary>
    /// <exception cref="PrototxtError">It does not follow the grammar.</exception>
    public static MessageSyntax Parse(string text, string file)
    {
        IResult<MessageSyntax> result = File(PrototxtInput.Start(text));
        if (result.WasSuccessful)
        {
            return result.Value;
        }
        IInput at = result.Remainder;
        string[] expected = [.. result.Expectations.Distinct()];
        string found = at.AtEnd ? "the file ends" : $"unexpected '{at.Current}'";
        string message = expected.Length == 0 ? result.Message
            : $"{found}; expected {string.Join(", ", expected[..^1])}{(expected.Length > 1 ? " or " : "")}{expected[^1]}";
        throw new PrototxtError(new TextPlace(file, at.Line, at.Column), message);
    }

    private static Parser<ValueSyntax> Between(char open, char close) =>
        from here in PrototxtTokens.Here
        from opened in PrototxtTokens.Symbol(open)
        from fields in Repeated(FieldLater)
        from closed in Named(PrototxtTokens.Symbol(close), "the name of a field", $"'{close}'")
        select new MessageSyntax(here.Line, here.Column, fields);

    // Field and Message refer to each other, and a static reads another only once it is set.
    private static IResult<FieldSyntax> FieldLater(IInput input) => Field(input);

    // Sprache's XMany parses a failing item twice: exponential in the nesting of the failure. This one does so once.
    private static Parser<List<T>> Repeated<T>(Parser<T> item) => input =>
    {
        var items = new List<T>();
        IResult<T> next = item(input);
        for (; next.WasSuccessful; next = item(input))
        {
            items.Add(next.Value);
            input = next.Remainder;
        }
        return next.Remainder.Equals(input)
            ? Result.Success(items, input)
            : Result.Failure<List<T>>(next.Remainder, next.Message, next.Expectations);
    };

    private static Parser<T> Named<T>(Parser<T> parser, params string[] expectations) => input =>
    {
        IResult<T> result = parser(input);
        return result.WasSuccessful || !result.Remainder.Equals(input) ? result : Result.Failure<T>(input, "", expectations);
    };
}
