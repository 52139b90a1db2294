namespace Symbolic.Codegen;

/// <summary>The pieces of a nest: windows written out, the space cut where guards and alignment change, loops split and joined, lanes chosen.</summary>
internal static class NestBuilder
{
    /// <summary>The nest over spaces with stores at each of their points: with the wide vectors, unless there is nothing that fills more than narrow ones.</summary>
    public static Nest Nest(string name, Seq<KernelBuffer> buffers, string label, Seq<(Seq<LoopIndex> Space, Seq<Store> Stores)> parts, CodegenOptions options)
    {
        Seq<Piece> Pieces(CodegenOptions chosen) => parts.SelectMany(part => NestBuilder.Pieces(part.Space, part.Stores, chosen)).ToSeq();
        if (options.NestBits is { } wide && wide > options.VectorBits)
        {
            CodegenOptions widened = options with { VectorBits = wide };
            Seq<Piece> pieces = Pieces(widened);
            if (pieces.Any(piece => Fills(piece, options.VectorBits)))
            {
                return new Nest(name, buffers, label, pieces) { VectorBits = wide };
            }
        }
        return new Nest(name, buffers, label, Pieces(options)) { VectorBits = options.VectorBits };
    }

    /// <summary>
    /// The nest that does parts one after the other for a few rows at a time, the first index of each space being that of the rows, or for a few columns, of which the last index is; null where a part cannot be done
    /// for some as for all, such as one that is cut between them. Loops named apart are joined with none inside them.
    /// </summary>
    public static Nest? Visit(string name, Seq<KernelBuffer> buffers, string label, Seq<(Seq<LoopIndex> Space, Seq<Store> Stores, Seq<string> Apart)> parts, RowVisit visit, CodegenOptions options)
    {
        int bits = Math.Max(options.VectorBits, options.NestBits ?? 0);
        CodegenOptions widened = options with { VectorBits = bits };
        Seq<Piece> pieces = parts.SelectMany(part => Pieces(part.Space, part.Stores, widened, part.Apart)).ToSeq();
        bool fits = pieces.All(piece => visit.Batches is { } batches ? FitsColumns(piece, batches, visit.Rows) : piece.Space[0].Extent.Equals(visit.Rows) && piece.Lanes != Lanes.Tiles && ElementWriter.OfColumns(piece) is null)
            && pieces.Where(piece => piece.Lanes != Lanes.None).Select(piece => piece.LaneType).Distinct().Count() <= 1;
        return fits ? new Nest(name, buffers, label, pieces) { VectorBits = bits, Visit = visit } : null;
    }

    /// <summary>Whether a piece can be done for some columns of one batch: they are its innermost loop, and nothing else is outside its other loops.</summary>
    private static bool FitsColumns(Piece piece, Dim batches, Dim columns)
    {
        Seq<LoopIndex> loops = piece.Space.Where(index => !index.Extent.Is(1)).ToSeq();
        return piece.Lanes is Lanes.Space or Lanes.None && loops[^1].Extent.Equals(columns) && (batches.Is(1) || (loops.Count > 1 && loops[0].Extent.Equals(batches)));
    }

    private static bool Fills(Piece piece, int bits) => piece.Lanes switch
    {
        Lanes.None => false,
        Lanes.Reduction => true,
        _ => !(piece.Space.Last(i => !i.Extent.Is(1)).Extent.Upper <= bits / 8 / piece.LaneType.Size()),
    };

    /// <summary>The pieces of a space with stores at each of its points.</summary>
    public static Seq<Piece> Pieces(Seq<LoopIndex> space, Seq<Store> stores, CodegenOptions options, Seq<string>? apart = null)
    {
        if (options.Target == Target.Gpu)
        {
            return [Finished(space, stores, options, pairs: false)];
        }
        // Guards of the last axis can be left to lanes; where there turn out to be none they are cut too.
        Seq<Piece> masked = Made(space, stores, options, cutLast: false, apart);
        return options.VectorBits == 0 || masked.Any(piece => piece.Lanes == Lanes.None && HasGuards(piece)) ? Made(space, stores, options, cutLast: true, apart) : masked;
    }

    private static bool HasGuards(Piece piece) => Elements.All(piece.Stores.Select(s => s.Value)).Any(Elements.IsGuard);

    private static Seq<Piece> Made(Seq<LoopIndex> space, Seq<Store> stores, CodegenOptions options, bool cutLast, Seq<string>? apart)
    {
        var pieces = new List<Piece>();
        foreach ((Seq<LoopIndex> part, Seq<Store> values) in Cutting.Cut(space, Unrolling.Unroll(stores, options), cutLast))
        {
            foreach ((Seq<LoopIndex> aligned, Seq<Store> whole) in Cutting.Align(part, values))
            {
                (Seq<LoopIndex> split, Seq<Store> halves) = Splitting.Split(aligned, whole, pairs: !cutLast);
                foreach ((Seq<LoopIndex> loops, Seq<Store> finished) in Cutting.Cut(split, halves, cutLast))
                {
                    Piece piece = Collapsed(loops, finished, options, apart);
                    // One file has lanes of one dtype.
                    bool fits = pieces.Find(other => other.Lanes != Lanes.None) is not { } first || first.LaneType == piece.LaneType;
                    pieces.Add(fits ? piece : piece with { Lanes = Lanes.None });
                }
            }
        }
        return pieces.ToSeq();
    }

    private static Piece Finished(Seq<LoopIndex> space, Seq<Store> stores, CodegenOptions options, bool pairs)
    {
        (space, stores) = Splitting.Split(space, stores, pairs);
        return Collapsed(space, stores, options);
    }

    /// <summary>Fewer steps of an outermost loop than these make too few chunks.</summary>
    private const long FewSteps = 16;

    /// <summary>
    /// The loops in the order in which they are cut into chunks: few images of many channels by channels. So there are enough, and whoever reduced some channels finds them in its caches.
    /// </summary>
    private static Seq<LoopIndex> Chunked(Seq<LoopIndex> space, Seq<Store> stores)
    {
        Seq<LoopIndex> loops = space.Where(index => !index.Extent.Is(1)).ToSeq();
        return loops.Count > 2 && loops[0].Extent is { IsConstant: true, Constant: < FewSteps } && loops[1].Extent is { IsConstant: true, Constant: >= FewSteps }
            && !Elements.All(stores.Select(store => store.Value)).Any(element => element is Element.Reduce)
            ? [loops[1], loops[0], .. loops[2..]] : space;
    }

    private static Piece Collapsed(Seq<LoopIndex> space, Seq<Store> stores, CodegenOptions options, Seq<string>? apart = null)
    {
        (space, stores) = Collapsing.Collapse(space, stores, apart);
        Seq<Element> values = Elements.Shared(stores.Map(s => s.Value));
        stores = stores.Select((s, k) => s with { Value = values[k] }).ToSeq();
        (Lanes lanes, DType type) = Vectorizing.Choose(space, stores, options);
        return new Piece(lanes == Lanes.Space && options.Target == Target.Cpu && apart is null ? Chunked(space, stores) : space, stores, lanes, type);
    }
}
