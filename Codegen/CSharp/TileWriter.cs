namespace Symbolic.Codegen;

/// <summary>
/// Writes the loops of a piece that reads operands across their memory: tiles of those, lines along their own memory, are turned into vectors of lanes.
/// What is only moved goes from memory to memory; anything else is computed line by line from the turned tiles.
/// </summary>
internal static class TileWriter
{
    /// <summary>Lines of a block: long enough to be streams for the memory, few enough that each keeps its page.</summary>
    private const int BlockLines = 256;

    /// <summary>The index along which the operands lie.</summary>
    public static LoopIndex Row(Piece piece) => Vectorizing.TileRow(piece.Space, piece.Stores, piece.LaneType)!;

    /// <summary>The loops within a chunk, which is of the outermost index.</summary>
    public static void Write(Piece piece, Nest nest, ElementWriter writer, Func<DimSymbol, string> name, SourceText text)
    {
        Seq<LoopIndex> loops = piece.Space.Where(i => !i.Extent.Is(1)).ToSeq();
        LoopIndex lane = loops[^1], row = Row(piece);
        List<Element> values = [.. piece.Stores.Select(s => s.Value)];
        Element.Read[] turned = [.. Elements.All(values).OfType<Element.Read>().Where(read => Vectorizing.IsTurned(read, lane, piece.LaneType)).DistinctBy(read => (read.Operand, read.At[0]))];
        string type = Spelling.Memory(piece.LaneType), columns = Spelling.Index(lane.Extent, name), r = name(row), j = name(lane);
        bool moves = piece.Stores is [{ Value: Element.Read }];
        if (!moves)
        {
            for (int k = 0; k < turned.Length; k++)
            {
                text.Line($"{type}* tile{k} = stackalloc {type}[{writer.Width * writer.Width}];");
            }
        }
        writer.Hoist(values);
        for (int i = 0; i < loops.Count - 1; i++)
        {
            if (loops[i] != row)
            {
                writer.OpenLoop(loops[i], i == 0 ? "first" : "0", i == 0 ? "last" : Spelling.Index(loops[i].Extent, name), values);
            }
        }
        string from = "first", to = "last";
        if (loops[0] != row)
        {
            (from, to) = ("block", "end");
            string lines = Spelling.Index(row.Extent, name);
            text.Open($"for (long block = 0; block < {lines}; block += {BlockLines})");
            text.Line($"long end = System.Math.Min(block + {BlockLines}, {lines});");
        }
        string Origin(Dim offset, string line, string column) => $"{Spelling.Index(offset, symbol => symbol == row ? line : symbol == lane ? column : name(symbol))}";
        string Step(Dim offset, LoopIndex index) => Spelling.Index(Vectorizing.Pitch(offset, index)!, name);
        if (moves)
        {
            Store store = piece.Stores[0];
            Element.Read read = turned[0];
            string past = writer.Past.GetValueOrDefault(store.Buffer, "false");
            text.Line($"TileTranspose<{type}>.Run(b{read.Operand} + {Origin(read.At[0], from, "0L")}, {Step(read.At[0], lane)}, {to} - {from}, {columns}, b{store.Buffer} + {Origin(store.Offset, from, "0L")}, {Step(store.Offset, row)}, {past});");
        }
        else
        {
            writer.OpenLanes(lane, "0", columns, values);
            text.Open($"for (long line = {from}; line < {to}; line += S.Width)");
            text.Line($"long lines = System.Math.Min(line + S.Width, {to});");
            for (int k = 0; k < turned.Length; k++)
            {
                text.Line($"TileTranspose<{type}>.Run(b{turned[k].Operand} + {Origin(turned[k].At[0], "line", j)}, {Step(turned[k].At[0], lane)}, lines - line, System.Math.Min(S.Width, {columns} - {j}), tile{k}, S.Width, false);");
            }
            writer.OpenLoop(row, "line", "lines", values);
            foreach (Element.Read read in Elements.All(values).OfType<Element.Read>())
            {
                int k = Array.FindIndex(turned, other => other.Operand == read.Operand && other.At[0].Equals(read.At[0]));
                if (k >= 0)
                {
                    writer.Set(read, $"S.Load(tile{k} + (({r} - line) * S.Width))");
                }
            }
            writer.Store(piece, nest, lanes: true);
            writer.CloseLoop(row);
            text.Close();
            writer.CloseLoop(lane);
        }
        if (loops[0] != row)
        {
            text.Close();
        }
        foreach (LoopIndex index in loops.Reverse().Skip(1).Where(i => i != row))
        {
            writer.CloseLoop(index);
        }
    }
}
