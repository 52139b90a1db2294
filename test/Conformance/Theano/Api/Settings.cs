namespace Symbolic.Conformance.Theano.Api;

/// <summary>Theano's configuration, as far as it decides dtypes. Our language has no such settings; the table applies them.</summary>
/// <param name="FloatX">The float that integers become where a float is wanted.</param>
/// <param name="KeepsFloatX">The policy <c>numpy+floatX</c>: nothing becomes wider than <paramref name="FloatX"/> that was not.</param>
internal sealed record Settings(DType FloatX = DType.Float64, bool KeepsFloatX = false);
