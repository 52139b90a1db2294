using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Softmax and cross-entropies (theano.tensor.nnet.nnet).
internal sealed partial class TheanoApi
{
    private void AddNetworks()
    {
        Add("nnet.softmax(x)", a => Functions.Softmax(Rows(a.Tensor("x"))));
        Add("nnet.softmax_graph(x)", a => Functions.Softmax(Rows(a.Tensor("x"))));
        Add("nnet.logsoftmax(x)", a => Functions.LogSoftmax(Rows(a.Tensor("x"))));
        Add("nnet.softmax_with_bias(x, b)", a => Functions.Softmax(Biased(a)));
        Add("nnet.binary_crossentropy(output, target)", a => Functions.BinaryCrossEntropy(a.Tensor("output"), a.Tensor("target")));
        Add("nnet.sigmoid_binary_crossentropy(output, target)", a => Functions.SigmoidCrossEntropy(a.Tensor("output"), a.Tensor("target")));
        Add("nnet.crossentropy_softmax_1hot(x, y_idx)", a => CrossEntropy(Rows(a.Tensor("x")), a.Tensor("y_idx"), withPosition: false));
        Add("nnet.crossentropy_softmax_1hot_with_bias(x, b, y_idx)", a => CrossEntropy(Biased(a), a.Tensor("y_idx"), withPosition: false));
        Add("nnet.crossentropy_softmax_argmax_1hot_with_bias(x, b, y_idx)", a => CrossEntropy(Biased(a), a.Tensor("y_idx"), withPosition: true));
        Add("nnet.confusion_matrix(actual, pred)", a =>
        {
            Expr actual = a.Tensor("actual"), predicted = a.Tensor("pred");
            Expr order = Functions.Unique(Functions.Concatenate([actual.Flatten(0), predicted.Flatten(0)])).Values;
            Expr Hot(Expr labels) => Functions.EqualTo<Expr>(labels.ShapePadRight(), order.ShapePadLeft()).Cast(DType.Int64);
            return Sequence.List(Functions.Dot(Hot(actual).Transpose(), Hot(predicted)), order);
        });
        Add("nnet.categorical_crossentropy(coding_dist, true_dist)", a => Functions.CategoricalCrossEntropy(a.Tensor("coding_dist"), a.Tensor("true_dist")));
    }

    /// <summary>Theano's softmax takes matrices; a vector becomes a row.</summary>
    private static Expr Rows(Expr x) => x.Rank switch
    {
        1 => x.ShapePadLeft(),
        2 => x,
        _ => throw PythonError.ValueError($"x must be 1-d or 2-d tensor of floats. Got {x.Label}"),
    };

    private static Expr Biased(Arguments a) => Rows(a.Tensor("x")) + a.Tensor("b");

    private static Sequence CrossEntropy(Expr logits, Expr labels, bool withPosition)
    {
        Expr loss = -Picked(Functions.LogSoftmax(logits), labels), probabilities = Functions.Softmax(logits);
        return withPosition ? Sequence.Tuple(loss, probabilities, logits.ArgMax(1)) : Sequence.Tuple(loss, probabilities);
    }

    /// <summary>The element of each row that its label names.</summary>
    private static Expr Picked(Expr rows, Expr labels) => Functions.AtLabel(rows, labels);
}
