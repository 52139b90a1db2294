namespace Symbolic.Ops;

/// <summary>
/// Counts drawn at random, as int64, by methods that reject some draws: how many an element needs is known only on the way, so this is an
/// algorithm. Each element has a sequence of its own by Philox4x32-10, whose counter holds the element's position below and the number in
/// its sequence above 40 bits: the draws do not depend on the order in which elements are computed. Inputs are the state u64[2] of
/// <see cref="RandomBits"/>, then parameters as f64, all of the result's shape.
/// </summary>
public abstract record DrawnCounts(int Draw) : ProcedureOp
{
    /// <summary>Number of parameters.</summary>
    protected abstract int Parameters { get; }

    /// <summary>One count for the parameters at a position.</summary>
    private protected abstract long Count(ref Uniforms uniforms, ReadOnlySpan<double> parameters);

    /// <inheritdoc/>
    public sealed override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1 + Parameters, inputs);
        foreach (TensorType parameter in inputs[1..])
        {
            if (!inputs[0].Equals(new TensorType(DType.UInt64, [2])) || parameter.DType != DType.Float64 || !parameter.Equals(inputs[1]))
            {
                throw Mismatch($"wants a state u64[2] of key and call, and parameters f64 of one shape; got {string.Join(" and ", inputs.ToArray().Select(t => t.ToString()))}");
            }
        }
        return inputs[1] with { DType = DType.Int64 };
    }

    /// <inheritdoc/>
    public sealed override void Compute(ProcedureCall call)
    {
        Elements<ulong> state = call.Inputs[0].As<ulong>();
        Elements<long> y = call.Results[0].As<long>();
        Span<double> parameters = stackalloc double[Parameters];
        for (long i = 0; i < y.Count; i++)
        {
            for (int j = 0; j < parameters.Length; j++)
            {
                parameters[j] = call.Inputs[1 + j].As<double>()[i];
            }
            var uniforms = new Uniforms(state[0], state[1], (ulong)Draw, (ulong)i);
            y[i] = Count(ref uniforms, parameters);
        }
    }

    /// <inheritdoc/>
    public sealed override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [.. node.Inputs.Map(_ => Derivative.Disconnected)];

    /// <summary>
    /// log k! − ((k + ½)·log(k + 1) − (k + 1) + ½·log 2π): the tail of Stirling's series about k + 1, of which the first values are exact, since the series
    /// converges only for large k.
    /// </summary>
    private protected static double StirlingTail(double k)
    {
        ReadOnlySpan<double> first =
        [
            0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
            0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
        ];
        double next = k + 1, square = next * next;
        return k < first.Length ? first[(int)k] : (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / next;
    }

    private protected struct Uniforms(ulong key, ulong call, ulong draw, ulong element)
    {
        private ulong next;

        /// <summary>A number between 0 and 1, neither of which it is.</summary>
        public double Next() => (((ulong)(Word() >> 5) << 26) + (Word() >> 6) + 0.5) * Math.ScaleB(1, -53);

        private uint Word() => Philox.Bits(key, call, draw, element + (next++ << 40));
    }
}

/// <summary>
/// The number of successes in n trials that each succeed with probability p, of parameters n and p: by geometric gaps between successes where few
/// are expected, else by transformed rejection (Hörmann, "The generation of binomial random variates", 1993, algorithm BTRS).
/// </summary>
public sealed record BinomialDraws(int Draw) : DrawnCounts(Draw)
{
    // Larger numbers of trials are no longer exact as f64.
    private const double MostTrials = 9007199254740992;

    /// <inheritdoc/>
    protected override int Parameters => 2;

    private protected override long Count(ref Uniforms uniforms, ReadOnlySpan<double> parameters)
    {
        (double n, double p) = (parameters[0], parameters[1]);
        if (!(n >= 0 && n <= MostTrials && Math.Floor(n) == n && p >= 0 && p <= 1))
        {
            throw Refused($"wants a whole number of trials from 0 to 2^53, and a probability from 0 to 1; got {n} and {p}");
        }
        double rare = Math.Min(p, 1 - p);
        double count = rare == 0 ? 0 : n * rare < 10 ? ByGaps(ref uniforms, n, rare) : ByRejection(ref uniforms, n, rare);
        return (long)(rare == p ? count : n - count);
    }

    private static double ByGaps(ref Uniforms uniforms, double n, double p)
    {
        double failure = ReferenceIntrinsics.Log1p(-p), trials = 0;
        for (double count = 0; ; count++)
        {
            trials += Math.Max(1, Math.Ceiling(Math.Log(uniforms.Next()) / failure));
            if (trials > n)
            {
                return count;
            }
        }
    }

    private static double ByRejection(ref Uniforms uniforms, double n, double p)
    {
        double deviation = Math.Sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, centre = n * p + 0.5;
        double squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation, odds = p / (1 - p), mode = Math.Floor((n + 1) * p);
        while (true)
        {
            double u = uniforms.Next() - 0.5, v = uniforms.Next(), edge = 0.5 - Math.Abs(u), k = Math.Floor((2 * a / edge + b) * u + centre);
            if (edge >= 0.07 && v <= squeeze)
            {
                return k;
            }
            if (k < 0 || k > n)
            {
                continue;
            }
            double bound = (mode + 0.5) * Math.Log((mode + 1) / (odds * (n - mode + 1))) + (n + 1) * Math.Log((n - mode + 1) / (n - k + 1))
                + (k + 0.5) * Math.Log(odds * (n - k + 1) / (k + 1)) + StirlingTail(mode) + StirlingTail(n - mode) - StirlingTail(k) - StirlingTail(n - k);
            if (Math.Log(v * alpha / (a / (edge * edge) + b)) <= bound)
            {
                return k;
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new BinomialDraws(0), SampleInput.Of(DType.UInt64, [2], 1701, 3), SampleInput.Of(DType.Float64, [2, 3], 5, 0, 100, 1000, 1, 30), SampleInput.Of(DType.Float64, [2, 3], 0.3, 0.5, 0.4, 0.99, 1, 0)),
         Sample.Of(new BinomialDraws(1), SampleInput.Of(DType.UInt64, [2], 1, 0), SampleInput.Of(DType.Float64, [17], [.. Enumerable.Range(0, 17).Select(i => 30.0 * i)]), SampleInput.Of(DType.Float64, [17], [.. Enumerable.Repeat(0.5, 17)]))];
}

/// <summary>
/// The number of events of which a rate is expected: by products of uniform numbers where few are, else by transformed rejection (Hörmann, "The transformed
/// rejection method for generating Poisson random variables", 1993, algorithm PTRS).
/// </summary>
public sealed record PoissonDraws(int Draw) : DrawnCounts(Draw)
{
    // Beyond it neighbouring counts are no longer different as f64.
    private const double MostEvents = 9007199254740992;

    /// <inheritdoc/>
    protected override int Parameters => 1;

    private protected override long Count(ref Uniforms uniforms, ReadOnlySpan<double> parameters)
    {
        double rate = parameters[0];
        if (!(rate >= 0 && rate <= MostEvents))
        {
            throw Refused($"wants a rate from 0 to 2^53; got {rate}");
        }
        return rate < 10 ? ByProducts(ref uniforms, rate) : ByRejection(ref uniforms, rate);
    }

    private static long ByProducts(ref Uniforms uniforms, double rate)
    {
        double least = Math.Exp(-rate), product = uniforms.Next();
        long count = 0;
        for (; product > least; count++)
        {
            product *= uniforms.Next();
        }
        return count;
    }

    private static long ByRejection(ref Uniforms uniforms, double rate)
    {
        double b = 0.931 + 2.53 * Math.Sqrt(rate), a = -0.059 + 0.02483 * b, inverse = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2), log = Math.Log(rate);
        while (true)
        {
            double u = uniforms.Next() - 0.5, v = uniforms.Next(), edge = 0.5 - Math.Abs(u), k = Math.Floor((2 * a / edge + b) * u + rate + 0.43);
            if (edge >= 0.07 && v <= squeeze)
            {
                return (long)k;
            }
            if (k < 0 || (edge < 0.013 && v > edge))
            {
                continue;
            }
            double factorial = (k + 0.5) * Math.Log(k + 1) - (k + 1) + 0.5 * Math.Log(2 * Math.PI) + StirlingTail(k);
            if (Math.Log(v * inverse / (a / (edge * edge) + b)) <= k * log - rate - factorial)
            {
                return (long)k;
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new PoissonDraws(0), SampleInput.Of(DType.UInt64, [2], 1701, 3), SampleInput.Of(DType.Float64, [2, 3], 0, 0.5, 9.9, 10, 55, 1e6)),
         Sample.Of(new PoissonDraws(1), SampleInput.Of(DType.UInt64, [2], 1, 0), SampleInput.Of(DType.Float64, [0]))];
}
