using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>The error function: in single precision by Cephes (ndtrf.c), in double by the approximations of Cody that SpecialFunctions.Erf uses.</summary>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>The error function.</summary>
    [MethodImpl(Inline)]
    public static TVector Erf(TVector x)
    {
        // From 6 on the result is 1 in double precision too.
        TVector size = TLanes.Minimum(TLanes.Abs(x), Number(6)), z = TLanes.Multiply(size, size), near, tail;
        if (IsFloat)
        {
            TVector p = Number(7.853861353153693e-5);
            p = TLanes.MultiplyAdd(p, z, Number(-8.010193625184903e-4));
            p = TLanes.MultiplyAdd(p, z, Number(5.188327685732524e-3));
            p = TLanes.MultiplyAdd(p, z, Number(-2.685381193529856e-2));
            p = TLanes.MultiplyAdd(p, z, Number(1.128358514861418e-1));
            p = TLanes.MultiplyAdd(p, z, Number(-3.761262582423300e-1));
            // 1.128379165726710 less 1, since the 1 is x itself: so only the small part has errors before the last rounding.
            near = TLanes.MultiplyAdd(p, z, Number(0.128379165726710));
            TVector r = TLanes.Divide(Number(1), size), s = TLanes.Multiply(r, r);
            TVector q = Number(2.326819970068386e-2);
            q = TLanes.MultiplyAdd(q, s, Number(-1.387039388740657e-1));
            q = TLanes.MultiplyAdd(q, s, Number(3.687424674597105e-1));
            q = TLanes.MultiplyAdd(q, s, Number(-5.824733027278666e-1));
            q = TLanes.MultiplyAdd(q, s, Number(6.210004621745983e-1));
            q = TLanes.MultiplyAdd(q, s, Number(-4.944515323274145e-1));
            q = TLanes.MultiplyAdd(q, s, Number(3.404879937665872e-1));
            q = TLanes.MultiplyAdd(q, s, Number(-2.741127028184656e-1));
            q = TLanes.MultiplyAdd(q, s, Number(5.638259427386472e-1));
            tail = TLanes.Multiply(q, r);
        }
        else
        {
            TVector p = Number(1.85777706184603153e-1);
            p = TLanes.MultiplyAdd(p, z, Number(3.16112374387056560e00));
            p = TLanes.MultiplyAdd(p, z, Number(1.13864154151050156e02));
            p = TLanes.MultiplyAdd(p, z, Number(3.77485237685302021e02));
            p = TLanes.MultiplyAdd(p, z, Number(3.20937758913846947e03));
            TVector q = TLanes.Add(z, Number(2.36012909523441209e01));
            q = TLanes.MultiplyAdd(q, z, Number(2.44024637934444173e02));
            q = TLanes.MultiplyAdd(q, z, Number(1.28261652607737228e03));
            q = TLanes.MultiplyAdd(q, z, Number(2.84423683343917062e03));
            near = TLanes.Divide(p, q);
            // Meant for arguments up to 4, where what it adds is below 2e-8 and need not be so exact.
            p = Number(2.15311535474403846e-8);
            p = TLanes.MultiplyAdd(p, size, Number(5.64188496988670089e-1));
            p = TLanes.MultiplyAdd(p, size, Number(8.88314979438837594e0));
            p = TLanes.MultiplyAdd(p, size, Number(6.61191906371416295e01));
            p = TLanes.MultiplyAdd(p, size, Number(2.98635138197400131e02));
            p = TLanes.MultiplyAdd(p, size, Number(8.81952221241769090e02));
            p = TLanes.MultiplyAdd(p, size, Number(1.71204761263407058e03));
            p = TLanes.MultiplyAdd(p, size, Number(2.05107837782607147e03));
            p = TLanes.MultiplyAdd(p, size, Number(1.23033935479799725e03));
            q = TLanes.Add(size, Number(1.57449261107098347e01));
            q = TLanes.MultiplyAdd(q, size, Number(1.17693950891312499e02));
            q = TLanes.MultiplyAdd(q, size, Number(5.37181101862009858e02));
            q = TLanes.MultiplyAdd(q, size, Number(1.62138957456669019e03));
            q = TLanes.MultiplyAdd(q, size, Number(3.29079923573345963e03));
            q = TLanes.MultiplyAdd(q, size, Number(4.36261909014324716e03));
            q = TLanes.MultiplyAdd(q, size, Number(3.43936767414372164e03));
            q = TLanes.MultiplyAdd(q, size, Number(1.23033935480374942e03));
            tail = TLanes.Divide(p, q);
        }
        TVector far = TLanes.Subtract(Number(1), TLanes.Multiply(tail, Exp(TLanes.Negate(z))));
        far = TLanes.Select(TLanes.Less(x, Number(0)), TLanes.Negate(far), far);
        // NaN is not above the bound.
        return TLanes.Select(TLanes.Less(Number(IsFloat ? 1 : 0.46875), size), far, IsFloat ? TLanes.MultiplyAdd(x, near, x) : TLanes.Multiply(x, near));
    }
}
