namespace Symbolic.Conformance.Theano.Python;

/// <summary>Recursive descent over the part of Python's grammar that occurs in the cases; anything else is a SyntaxError.</summary>
internal sealed class Parser
{
    // Weakest first; ** is above all of them and binds to the right.
    private static readonly string[][] Levels = [["<", "<=", ">", ">=", "==", "!="], ["|"], ["^"], ["&"], ["+", "-"], ["*", "/", "//", "%"]];

    private readonly IReadOnlyList<Token> tokens;
    private int at;

    private Parser(string source) => tokens = Tokenizer.Tokens(source);

    private Token Current => tokens[at];

    public static Node ParseExpression(string source)
    {
        var parser = new Parser(source);
        Node node = parser.Expressions();
        return parser.Current.Kind == TokenKind.Newline ? node : throw parser.Unexpected();
    }

    public static IReadOnlyList<Statement> ParseProgram(string source)
    {
        var parser = new Parser(source);
        var statements = new List<Statement>();
        while (parser.Current.Kind != TokenKind.End)
        {
            if (!parser.Skip(TokenKind.Newline))
            {
                statements.Add(parser.Statement());
            }
        }
        return statements;
    }

    private Statement Statement()
    {
        if (Take("def"))
        {
            string name = Name();
            Expect("(");
            IReadOnlyList<string> parameters = Parameters(")");
            Expect(")");
            Expect(":");
            return new Statement.Define(name, parameters, Suite());
        }
        if (Take("for"))
        {
            Node target = Targets();
            Expect("in");
            Node source = Expressions();
            Expect(":");
            return new Statement.For(target, source, Suite());
        }
        return Simple();
    }

    private Statement Simple()
    {
        Statement statement;
        if (Take("return"))
        {
            statement = new Statement.Return(Current.Kind == TokenKind.Newline ? null : Expressions());
        }
        else
        {
            Node value = Expressions();
            statement = Take("=") ? new Statement.Assign(value, Expressions()) : new Statement.Evaluate(value);
        }
        return Skip(TokenKind.Newline) ? statement : throw Unexpected();
    }

    /// <summary>Statements on the rest of the line, or an indented block.</summary>
    private List<Statement> Suite()
    {
        var body = new List<Statement>();
        if (!Skip(TokenKind.Newline))
        {
            bool more = true;
            while (more)
            {
                body.Add(Simple());
                more = tokens[at - 1].Text == ";";
            }
            return body;
        }
        if (!Skip(TokenKind.Indent))
        {
            throw Unexpected();
        }
        while (!Skip(TokenKind.Dedent))
        {
            if (!Skip(TokenKind.Newline))
            {
                body.Add(Statement());
            }
        }
        return body;
    }

    private IReadOnlyList<string> Parameters(string end)
    {
        var names = new List<string>();
        while (!Current.Is(end))
        {
            names.Add(Name());
            if (!Take(","))
            {
                break;
            }
        }
        return names;
    }

    private Node Expressions() => Joined(Expression, static token => token.Kind is TokenKind.Newline || token.Is(")") || token.Is("=") || token.Is(":"));

    private Node Targets() => Joined(Atom, static token => token.Is("in"));

    private Node Joined(Func<Node> item, Predicate<Token> ends)
    {
        Node first = item();
        if (!Current.Is(","))
        {
            return first;
        }
        List<Node> items = [first];
        while (Take(",") && !ends(Current))
        {
            items.Add(item());
        }
        return new Node.Tuple(items);
    }

    private Node Expression()
    {
        if (Take("lambda"))
        {
            IReadOnlyList<string> parameters = Parameters(":");
            Expect(":");
            return new Node.Lambda(parameters, Expression());
        }
        return Operation(0);
    }

    private Node Operation(int level)
    {
        if (level == Levels.Length)
        {
            return Factor();
        }
        Node left = Operation(level + 1);
        while (Current.Kind == TokenKind.Symbol && Levels[level].Contains(Current.Text))
        {
            string symbol = Advance().Text;
            left = new Node.Binary(symbol, left, Operation(level + 1));
        }
        return left;
    }

    private Node Factor() => Current.Is("-") || Current.Is("+") || Current.Is("~") ? new Node.Unary(Advance().Text, Factor()) : Power();

    private Node Power()
    {
        Node left = Postfix(Atom());
        return Take("**") ? new Node.Binary("**", left, Factor()) : left;
    }

    private Node Postfix(Node node)
    {
        while (true)
        {
            if (Take("."))
            {
                node = new Node.Attribute(node, Name());
            }
            else if (Take("("))
            {
                node = Call(node);
            }
            else if (Take("["))
            {
                node = new Node.Subscript(node, Joined(Index, static token => token.Is("]")));
                Expect("]");
            }
            else
            {
                return node;
            }
        }
    }

    private Node Call(Node function)
    {
        var positional = new List<Node>();
        var keywords = new List<(string, Node)>();
        while (!Take(")"))
        {
            if (Current.Kind == TokenKind.Name && tokens[at + 1].Is("="))
            {
                string name = Name();
                Expect("=");
                keywords.Add((name, Expression()));
            }
            else
            {
                positional.Add(Expression());
            }
            if (!Current.Is(")"))
            {
                Expect(",");
            }
        }
        return new Node.Call(function, positional, keywords);
    }

    private Node Index()
    {
        Node? Bound() => Current.Is(":") || Current.Is(",") || Current.Is("]") ? null : Expression();
        Node? start = Bound();
        if (!Take(":"))
        {
            return start ?? throw Unexpected();
        }
        Node? stop = Bound();
        return new Node.Slice(start, stop, Take(":") ? Bound() : null);
    }

    private Node Atom()
    {
        Token token = Advance();
        switch (token)
        {
            case { Kind: TokenKind.Number or TokenKind.Text }:
                return new Node.Constant(token.Value);
            case { Kind: TokenKind.Name, Text: "None" }:
                return new Node.Constant(null);
            case { Kind: TokenKind.Name, Text: "True" or "False" }:
                return new Node.Constant(token.Text == "True");
            case { Kind: TokenKind.Name, Text: not ("lambda" or "for" or "in" or "def" or "return") }:
                return new Node.Name(token.Text);
            case { Kind: TokenKind.Symbol, Text: "(" }:
                Node inner = Current.Is(")") ? new Node.Tuple([]) : Expressions();
                Expect(")");
                return inner;
            case { Kind: TokenKind.Symbol, Text: "[" }:
                return List();
            case { Kind: TokenKind.Symbol, Text: "{" }:
                return Dict();
            default:
                at--;
                throw Unexpected();
        }
    }

    private Node List()
    {
        var items = new List<Node>();
        while (!Take("]"))
        {
            items.Add(Expression());
            if (items.Count == 1 && Take("for"))
            {
                Node target = Targets();
                Expect("in");
                Node source = Expression();
                Expect("]");
                return new Node.Comprehension(items[0], target, source);
            }
            if (!Current.Is("]"))
            {
                Expect(",");
            }
        }
        return new Node.List(items);
    }

    private Node.Dict Dict()
    {
        var items = new List<(Node, Node)>();
        while (!Take("}"))
        {
            Node key = Expression();
            Expect(":");
            items.Add((key, Expression()));
            if (!Current.Is("}"))
            {
                Expect(",");
            }
        }
        return new Node.Dict(items);
    }

    private Token Advance() => tokens[at++];

    private string Name() => Current.Kind == TokenKind.Name ? Advance().Text : throw Unexpected();

    private bool Take(string text)
    {
        bool found = Current.Is(text);
        at += found ? 1 : 0;
        return found;
    }

    private bool Skip(TokenKind kind)
    {
        bool found = Current.Kind == kind;
        at += found ? 1 : 0;
        return found;
    }

    private void Expect(string text)
    {
        if (!Take(text))
        {
            throw Unexpected();
        }
    }

    private PythonError Unexpected() => new("SyntaxError", $"unexpected '{Current.Text}' at token {at}");
}
