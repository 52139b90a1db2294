using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <content>Functions of two vectors, step by step side by side.</content>
internal static partial class WideMath
{
    /// <summary>
    /// Two at a time, step by step side by side: operations of one kind then come in pairs, one for either half of the ports, and a step of one fills the wait of the
    /// other. The bits of <see cref="Exp"/>.
    /// </summary>
    [MethodImpl(Inline)]
    public static void ExpOfTwo(Vector512<float> x, Vector512<float> y, ExpTables t, out Vector512<float> ofX, out Vector512<float> ofY)
    {
        Vector512<float> shiftedX = Avx512F.FusedMultiplyAdd(x, t.Octaves, t.Shift), shiftedY = Avx512F.FusedMultiplyAdd(y, t.Octaves, t.Shift);
        Vector512<float> nX = shiftedX - t.Shift, nY = shiftedY - t.Shift;
        Vector512<float> rX = Avx512F.FusedMultiplyAdd(nX, t.NegativeLog2, x), rY = Avx512F.FusedMultiplyAdd(nY, t.NegativeLog2, y);
        rX = Avx512F.FusedMultiplyAdd(nX, t.Log2Rest, rX);
        rY = Avx512F.FusedMultiplyAdd(nY, t.Log2Rest, rY);
        rX = Avx512DQ.Range(rX, t.Most, LesserSize);
        rY = Avx512DQ.Range(rY, t.Most, LesserSize);
        Vector512<float> pX = Avx512F.FusedMultiplyAdd(rX, t.Third, t.Second), pY = Avx512F.FusedMultiplyAdd(rY, t.Third, t.Second);
        Vector512<float> squareX = rX * rX, squareY = rY * rY;
        pX = Avx512F.FusedMultiplyAdd(pX, squareX, rX);
        pY = Avx512F.FusedMultiplyAdd(pY, squareY, rY);
        Vector512<float> powerX = Avx512F.PermuteVar16x32(t.Powers, shiftedX.AsInt32()), powerY = Avx512F.PermuteVar16x32(t.Powers, shiftedY.AsInt32());
        pX = Avx512F.FusedMultiplyAdd(powerX, pX, powerX);
        pY = Avx512F.FusedMultiplyAdd(powerY, pY, powerY);
        ofX = Avx512F.Scale(pX, nX);
        ofY = Avx512F.Scale(pY, nY);
    }

    /// <summary>Two at a time, as with <see cref="ExpOfTwo"/>.</summary>
    [MethodImpl(Inline)]
    public static void LogOfTwo(Vector512<float> x, Vector512<float> y, LogTables t, out Vector512<float> ofX, out Vector512<float> ofY)
    {
        Vector512<float> mX = Avx512F.GetMantissa(x, 0b1100), mY = Avx512F.GetMantissa(y, 0b1100), eX = Avx512F.GetExponent(x), eY = Avx512F.GetExponent(y);
        Vector512<int> indexX = Vector512.ShiftRightLogical(mX.AsInt32(), 19), indexY = Vector512.ShiftRightLogical(mY.AsInt32(), 19);
        Vector512<float> rX = Avx512F.PermuteVar16x32(t.Inverses, indexX), rY = Avx512F.PermuteVar16x32(t.Inverses, indexY);
        Vector512<float> wholeX = Avx512F.PermuteVar16x32(t.Logs, indexX), wholeY = Avx512F.PermuteVar16x32(t.Logs, indexY);
        rX = Avx512F.FusedMultiplyAdd(mX, rX, t.MinusOne);
        rY = Avx512F.FusedMultiplyAdd(mY, rY, t.MinusOne);
        Vector512<float> qX = Avx512F.FusedMultiplyAdd(rX, t.Fifth, t.Fourth), qY = Avx512F.FusedMultiplyAdd(rY, t.Fifth, t.Fourth);
        qX = Avx512F.FusedMultiplyAdd(qX, rX, t.Third);
        qY = Avx512F.FusedMultiplyAdd(qY, rY, t.Third);
        wholeX = Avx512F.FusedMultiplyAdd(eX, t.Log2, wholeX);
        wholeY = Avx512F.FusedMultiplyAdd(eY, t.Log2, wholeY);
        qX = Avx512F.FusedMultiplyAdd(qX, rX, t.Second);
        qY = Avx512F.FusedMultiplyAdd(qY, rY, t.Second);
        qX = Avx512F.FusedMultiplyAdd(qX, rX, t.One);
        qY = Avx512F.FusedMultiplyAdd(qY, rY, t.One);
        ofX = Avx512F.FusedMultiplyAdd(qX, rX, wholeX);
        ofY = Avx512F.FusedMultiplyAdd(qY, rY, wholeY);
    }

    /// <summary>Two at a time, as with <see cref="ExpOfTwo"/>.</summary>
    [MethodImpl(Inline)]
    public static void TanhOfTwo(Vector512<float> x, Vector512<float> y, TanhTables t, out Vector512<float> ofX, out Vector512<float> ofY)
    {
        Vector512<float> aX = x & t.Size, aY = y & t.Size;
        Vector512<float> indexX = Avx512F.Min(t.LastPoint, aX), indexY = Avx512F.Min(t.LastPoint, aY), rX = Avx512F.Min(t.Most, aX), rY = Avx512F.Min(t.Most, aY);
        indexX += t.Shift;
        indexY += t.Shift;
        Vector512<float> pointX = indexX - t.Shift, pointY = indexY - t.Shift;
        Vector512<float> pX = At(indexX, t.Low4, t.High4), pY = At(indexY, t.Low4, t.High4), cX = At(indexX, t.Low3, t.High3), cY = At(indexY, t.Low3, t.High3);
        rX -= pointX;
        rY -= pointY;
        pX = Avx512F.FusedMultiplyAdd(pX, rX, cX);
        pY = Avx512F.FusedMultiplyAdd(pY, rY, cY);
        cX = At(indexX, t.Low2, t.High2);
        cY = At(indexY, t.Low2, t.High2);
        pX = Avx512F.FusedMultiplyAdd(pX, rX, cX);
        pY = Avx512F.FusedMultiplyAdd(pY, rY, cY);
        cX = At(indexX, t.Low1, t.High1);
        cY = At(indexY, t.Low1, t.High1);
        pX = Avx512F.FusedMultiplyAdd(pX, rX, cX);
        pY = Avx512F.FusedMultiplyAdd(pY, rY, cY);
        cX = At(indexX, t.Low0, t.High0);
        cY = At(indexY, t.Low0, t.High0);
        pX = Avx512F.FusedMultiplyAdd(pX, rX, cX);
        pY = Avx512F.FusedMultiplyAdd(pY, rY, cY);
        ofX = Avx512DQ.Range(x, pX, LesserSize);
        ofY = Avx512DQ.Range(y, pY, LesserSize);
    }
}
