using System.Numerics;
using Symbolic.Conformance.Theano.Api;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Test;

/// <summary>The small Python of Theano's cases, and the dtypes that its numbers take.</summary>
public class PythonTests
{
    private static object? Evaluated(string expression, string code = "")
    {
        var evaluator = new Evaluator(new TheanoApi(new Settings()));
        evaluator.Run(code);
        return evaluator.Evaluate(expression);
    }

    [Theory]
    [InlineData("2**31-1", 2147483647)]
    [InlineData("-7//2", -4)]
    [InlineData("-7%3", 2)]
    [InlineData("-2**2", -4)]
    [InlineData("[1,2,3][-1]", 3)]
    [InlineData("len((1,2,3,4)[::2])", 2)]
    [InlineData("[i*i for i in range(4)][3]", 9)]
    [InlineData("(lambda a,b: a-b)(5,b=3)", 2)]
    public void Integers(string expression, long wanted) => Assert.Equal((BigInteger)wanted, Evaluated(expression));

    [Fact]
    public void StatementsRun() => Assert.Equal((BigInteger)21, Evaluated("t", "def f(a,b):\n    c=a*b\n    return c+1\n\nt=0\nfor i in [1,2]: t=t+f(i,6)\nt=t+1"));

    [Theory]
    [InlineData("T.constant(127)", DType.Int8)]
    [InlineData("T.constant(128)", DType.Int16)]
    [InlineData("T.constant(0.5)", DType.Float32)]
    [InlineData("T.constant(0.1)", DType.Float64)]
    [InlineData("T.constant(np.float64(0.5))", DType.Float64)]
    [InlineData("T.as_tensor_variable([1,2])", DType.Int64)]
    public void ConstantsTakeSmallDtypes(string expression, DType wanted) => Assert.Equal(wanted, Assert.IsType<Expr>(Evaluated(expression)).DType);

    [Theory]
    [InlineData("nothing", "NameError")]
    [InlineData("1 +", "SyntaxError")]
    [InlineData("[1,2][2]", "IndexError")]
    [InlineData("T.constant(1)+'a'", "TypeError")]
    [InlineData("T.nothing", "AttributeError")]
    [InlineData("T.sum(T.constant(1),nothing=2)", "TypeError")]
    public void ErrorsAreThoseOfPython(string expression, string type) => Assert.Equal(type, Assert.Throws<PythonError>(() => Evaluated(expression)).Type);
}
