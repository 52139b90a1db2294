using System.Diagnostics;
using System.Text;

namespace Symbolic.Cli.Draw;

/// <summary>A net's graph in DOT, the language of Graphviz.</summary>
internal static class NetDot
{
    /// <summary>The text.</summary>
    public static string Write(NetGraph graph, bool sideways)
    {
        var text = new StringBuilder();
        text.Append($"digraph {Quoted(graph.Name)} {{\n  rankdir={(sideways ? "LR" : "TB")};\n  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n");
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            GraphNode node = graph.Nodes[i];
            string colour = node.Kind switch
            {
                GraphKind.Source => "#e8e4d8",
                GraphKind.Learned => "#cfe0f5",
                GraphKind.Fixed => "#f2f2f2",
                GraphKind.Goal => "#f6d9c8",
                _ => throw new UnreachableException($"{node.Kind}"),
            };
            string label = string.Join("\n", new[] { node.Name, node.Type, node.Facts }.Where(line => line.Length > 0));
            text.Append($"  n{i} [label={Quoted(label)}, fillcolor=\"{colour}\"];\n");
        }
        foreach (GraphEdge edge in graph.Edges)
        {
            string label = edge.Blob == graph.Nodes[edge.From].Name ? "" : $" [label={Quoted(edge.Blob)}]";
            text.Append($"  n{edge.From} -> n{edge.To}{label};\n");
        }
        return text.Append("}\n").ToString();
    }

    // DOT has two escapes in a quoted string that matter here; what is no text is left out.
    private static string Quoted(string words)
    {
        var text = new StringBuilder("\"");
        foreach (char c in words)
        {
            _ = c switch
            {
                '\n' => text.Append("\\n"),
                '"' or '\\' => text.Append('\\').Append(c),
                _ => char.IsControl(c) ? text : text.Append(c),
            };
        }
        return text.Append('"').ToString();
    }
}
