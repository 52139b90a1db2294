namespace Symbolic;

/// <summary>
/// Reads the text of a program. Blocks do not nest in the text and values are numbered in order, so nothing here is recursive; sizes
/// are read by <see cref="DimParser"/>, which bounds its own nesting.
/// </summary>
internal sealed class IrParser
{
    private readonly IrCursor cursor;
    private readonly Dictionary<string, DimSymbol> symbols = [];
    private readonly List<Lambda> lambdas = [];
    private readonly Func<string, DimSymbol?>? outer;

    public IrParser(string text, Func<string, DimSymbol?>? outer = null)
    {
        this.outer = outer;
        if (text.Length > IrText.MostCharacters)
        {
            throw new FormatException($"1:1: a text of {text.Length} characters; at most {IrText.MostCharacters} are read");
        }
        cursor = new IrCursor(text);
    }

    public Lambda Program()
    {
        cursor.Expect(IrText.Header);
        while (true)
        {
            if (cursor.TakeWord("size"))
            {
                Size();
            }
            else if (cursor.TakeWord("count"))
            {
                Count();
            }
            else
            {
                break;
            }
        }
        while (cursor.TakeWord("lambda"))
        {
            cursor.Expect("@");
            int at = cursor.Position;
            if (cursor.Integer(0, int.MaxValue) != lambdas.Count)
            {
                throw cursor.Error($"expected lambda {lambdas.Count}: they are numbered in order", at);
            }
            lambdas.Add(Block());
        }
        if (!cursor.TakeWord("program"))
        {
            throw cursor.Error("expected 'size', 'count', 'lambda' or 'program'");
        }
        Lambda program = Block();
        return cursor.AtEnd ? program : throw cursor.Error("expected the end of the text");
    }

    /// <summary>An op by itself, whose sizes are declared elsewhere.</summary>
    public Op OpAlone()
    {
        Op op = NamedOp(out _, out _);
        return cursor.AtEnd ? op : throw cursor.Error("expected the end of the text");
    }

    private void Size()
    {
        int at = cursor.Position;
        string name = cursor.SizeName();
        long lower = cursor.Take(">=") ? cursor.Integer(long.MinValue, long.MaxValue) : 0;
        long? upper = cursor.Take("<=") ? cursor.Integer(lower, long.MaxValue) : null;
        Declare(new NamedSymbol(name, lower, upper), at);
    }

    private void Count()
    {
        int at = cursor.Position;
        string name = cursor.SizeName();
        Dim? bound = null;
        if (cursor.Take("<="))
        {
            bound = cursor.Sizes(Symbol) is [var only] ? only : throw cursor.Error("expected one size between the brackets", at);
        }
        Declare(new CountSymbol(name, bound), at);
    }

    private void Declare(DimSymbol symbol, int at)
    {
        if (!symbols.TryAdd(symbol.Name, symbol))
        {
            throw cursor.Error($"the size {symbol.Name} is declared twice", at);
        }
    }

    private DimSymbol Symbol(string name) => (symbols.GetValueOrDefault(name) ?? outer?.Invoke(name)) is { } symbol
        ? symbol
        : throw new FormatException($"the size {name} is not declared");

    private Lambda Block()
    {
        cursor.Expect("{");
        int start = cursor.Position;
        var parameters = new List<Expr>();
        while (cursor.TakeWord("param"))
        {
            cursor.Expect("%p");
            Numbered(parameters.Count, "parameter");
            cursor.Expect(":");
            cursor.Next();
            int at = cursor.Position;
            TensorType type = Tensor();
            parameters.Add(Checked(() => Expr.Of(new Ops.Parameter(parameters.Count, type)), at));
        }
        var values = new List<Expr>();
        while (!cursor.TakeWord("return"))
        {
            cursor.Expect("%");
            Numbered(values.Count, "value");
            using Origin.Scope scope = Origin.At(Origin.Enabled ? cursor.Place() : "");
            values.Add(Value(parameters, values));
        }
        Seq<Expr> results = cursor.Next() == '}' ? [] : Operands(parameters, values);
        cursor.Expect("}");
        return Checked(() => new Lambda(parameters.Select(p => p.Tensor).ToSeq(), results), start);
    }

    private void Numbered(int expected, string what)
    {
        int at = cursor.Position;
        if (cursor.Integer(0, int.MaxValue) != expected)
        {
            throw cursor.Error($"expected {what} {expected}: they are numbered in order", at);
        }
    }

    /// <summary>One line from its type on: <c>: f32[n] = sum{axes=[1]}(%2)</c>.</summary>
    private Expr Value(List<Expr> parameters, List<Expr> values)
    {
        cursor.Expect(":");
        cursor.Next();
        int typeAt = cursor.Position;
        ExprType declared = cursor.Next() == '(' ? Tuple() : Tensor();
        cursor.Expect("=");
        Op op = NamedOp(out string name, out int at);
        cursor.Expect("(");
        Seq<Expr> inputs = cursor.Next() == ')' ? [] : Operands(parameters, values);
        cursor.Expect(")");
        Expr made = Checked(() => Expr.Of(op, inputs.AsSpan()), at);
        return made.Type.Equals(declared) ? made : throw cursor.Error($"declared as {declared}, but {name} yields {made.Type}", typeAt);
    }

    private Op NamedOp(out string name, out int at)
    {
        cursor.Next();
        at = cursor.Position;
        name = cursor.Word();
        return RecordShape.Ops.TryGetValue(name, out RecordShape? shape)
            ? (Op)Record(shape, "{", "}")
            : throw cursor.Error(name.Length == 0 ? "expected the name of an op" : $"there is no op {name}", at);
    }

    private Seq<Expr> Operands(List<Expr> parameters, List<Expr> values)
    {
        var operands = new List<Expr>();
        do
        {
            cursor.Expect("%");
            int at = cursor.Position - 1;
            bool isParameter = cursor.Take("p");
            long number = cursor.Integer(0, int.MaxValue);
            List<Expr> among = isParameter ? parameters : values;
            operands.Add(number < among.Count ? among[(int)number] : throw cursor.Error($"%{(isParameter ? "p" : "")}{number} is not defined above", at));
        }
        while (cursor.Take(","));
        return operands.ToSeq();
    }

    private TupleType Tuple()
    {
        cursor.Expect("(");
        var items = new List<TensorType>();
        if (!cursor.Take(")"))
        {
            do
            {
                items.Add(Tensor());
            }
            while (cursor.Take(","));
            cursor.Expect(")");
        }
        return new TupleType(items.ToSeq());
    }

    private TensorType Tensor() => new(DTypeOf(), new Shape(cursor.Sizes(Symbol)));

    private DType DTypeOf()
    {
        cursor.Next();
        int at = cursor.Position;
        string name = cursor.Word();
        return DTypes.TryParse(name, out DType dtype) ? dtype : throw cursor.Error($"'{name}' is no dtype", at);
    }

    /// <summary>The parameters of a record between delimiters, by name and in order; nothing where it has none.</summary>
    private object Record(RecordShape shape, string open, string close)
    {
        int start = cursor.Position;
        var values = new object[shape.Parameters.Count];
        for (int i = 0; i < values.Length; i++)
        {
            cursor.Expect(i == 0 ? open : ",");
            if (!cursor.TakeWord(shape.Parameters[i].Name))
            {
                throw cursor.Error($"expected {shape.Parameters[i].Name} of {shape.Name}");
            }
            cursor.Expect("=");
            values[i] = Argument(shape.Parameters[i].Type);
        }
        if (values.Length > 0)
        {
            cursor.Expect(close);
        }
        return Checked(() => shape.Make(values), start);
    }

    private object Argument(Type type)
    {
        cursor.Next();
        int at = cursor.Position;
        return type == typeof(int) ? (int)cursor.Integer(int.MinValue, int.MaxValue)
            : type == typeof(long) ? cursor.Integer(long.MinValue, long.MaxValue)
            : type == typeof(bool) ? Scalar(DType.Bool).AsBool
            : type == typeof(double) ? Scalar(DType.Float64).ToDouble()
            : type == typeof(string) ? cursor.Quoted()
            : type == typeof(DType) ? DTypeOf()
            : type == typeof(ScalarValue) ? Scalar(DTypeOf())
            : type == typeof(Seq<int>) ? Integers()
            : type == typeof(Seq<Dim>) ? cursor.Sizes(Symbol)
            : type == typeof(Shape) ? new Shape(cursor.Sizes(Symbol))
            : type == typeof(TensorType) ? Tensor()
            : type == typeof(Dim) ? (cursor.Sizes(Symbol) is [var only] ? only : throw cursor.Error("expected one size between the brackets", at))
            : type == typeof(Literal) ? Data()
            : type == typeof(Lambda) ? Nested()
            : type == typeof(Action<Literal>) ? throw cursor.Error("a callback is a C# delegate of the process that printed it, and cannot be read back", at)
            : cursor.TakeWord(RecordShape.Of(type).Name) ? Record(RecordShape.Of(type), "(", ")")
            : throw cursor.Error($"expected {RecordShape.Of(type).Name}", at);
    }

    private ScalarValue Scalar(DType dtype)
    {
        cursor.Next();
        int at = cursor.Position;
        string number = cursor.Number();
        return Checked(() => ScalarValue.Parse(dtype, number), at);
    }

    private Seq<int> Integers()
    {
        cursor.Expect("[");
        var integers = new List<int>();
        if (!cursor.Take("]"))
        {
            do
            {
                integers.Add((int)cursor.Integer(int.MinValue, int.MaxValue));
            }
            while (cursor.Take(","));
            cursor.Expect("]");
        }
        return integers.ToSeq();
    }

    private Lambda Nested()
    {
        cursor.Expect("@");
        int at = cursor.Position;
        long number = cursor.Integer(0, int.MaxValue);
        return number < lambdas.Count ? lambdas[(int)number] : throw cursor.Error($"lambda @{number} is not defined above", at);
    }

    private Literal Data()
    {
        int start = cursor.Position;
        TensorType type = Tensor();
        if (!type.Shape.IsKnown || type.Shape.Any(size => size.Constant < 0))
        {
            throw cursor.Error($"the data of a constant need known sizes; got {type}", start);
        }
        Seq<long> sizes = Seq.Create<long>(type.Shape.Sizes);
        if (cursor.TakeWord("base64"))
        {
            cursor.Next();
            int at = cursor.Position;
            string data = cursor.Quoted();
            return Checked(() => Literal.FromBytes(type.DType, sizes, Convert.FromBase64String(data)), at);
        }
        // The numbers are read before their count is known to fit, so that a huge declared size costs nothing.
        var numbers = new List<ScalarValue>();
        cursor.Expect("(");
        if (!cursor.Take(")"))
        {
            do
            {
                numbers.Add(Scalar(type.DType));
            }
            while (cursor.Take(","));
            cursor.Expect(")");
        }
        return Checked(() => sizes.Aggregate(1L, (a, b) => checked(a * b)) == numbers.Count
            ? Literal.Build(type.DType, sizes, i => numbers[(int)i])
            : throw new FormatException($"{numbers.Count} numbers for {type}"), start);
    }

    /// <summary>What the language itself refuses is an error in the text, at this place.</summary>
    private T Checked<T>(Func<T> make, int at)
    {
        try
        {
            return make();
        }
        catch (Exception inner) when (inner is TypeMismatch or FormatException or ArgumentException or OverflowException or DivideByZeroException)
        {
            throw cursor.Error(inner.Message, at);
        }
    }
}
