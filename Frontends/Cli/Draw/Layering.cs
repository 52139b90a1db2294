namespace Symbolic.Cli.Draw;

/// <summary>
/// Places for the nodes of a graph in layers (K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical
/// system structures", 1981): each node behind all that it depends on, long edges led through the layers between, each layer
/// ordered by the mean place of its neighbours, then moved towards it as far as others leave room.
/// </summary>
internal sealed class Layering
{
    private const int Sweeps = 8;

    // Beyond this a long edge goes straight: nobody follows it through so many layers.
    private const int MostBends = 20_000;

    private readonly List<int> rank = [];
    private readonly List<List<int>> before = [], after = [];
    private readonly List<List<int>> layers = [];
    private double[] place = [];

    /// <summary>Lays a graph out.</summary>
    public Layering(NetGraph graph)
    {
        Count = graph.Nodes.Count;
        for (int i = 0; i < Count; i++)
        {
            AddNode(0);
        }
        foreach (GraphEdge edge in graph.Edges)
        {
            rank[edge.To] = Math.Max(rank[edge.To], rank[edge.From] + 1);
        }
        int bends = 0;
        foreach (GraphEdge edge in graph.Edges)
        {
            var path = new List<int> { edge.From };
            if (bends + rank[edge.To] - rank[edge.From] <= MostBends)
            {
                for (int between = rank[edge.From] + 1; between < rank[edge.To]; between++, bends++)
                {
                    path.Add(AddNode(between));
                }
            }
            path.Add(edge.To);
            for (int i = 1; i < path.Count; i++)
            {
                after[path[i - 1]].Add(path[i]);
                before[path[i]].Add(path[i - 1]);
            }
            Paths.Add(path);
        }
        foreach (IGrouping<int, int> layer in Enumerable.Range(0, rank.Count).GroupBy(node => rank[node]).OrderBy(layer => layer.Key))
        {
            layers.Add([.. layer]);
        }
        Order();
        Place();
    }

    /// <summary>The number of nodes of the graph; those behind are bends of edges.</summary>
    public int Count { get; }

    /// <summary>The number of layers.</summary>
    public int Layers => layers.Count;

    /// <summary>For each edge the nodes that it passes.</summary>
    public List<List<int>> Paths { get; } = [];

    /// <summary>The distance between the outermost places.</summary>
    public double Breadth { get; private set; }

    /// <summary>The layer of a node, and its place in it: neighbours in a layer are 1 apart or more, bends half of it.</summary>
    public (int Layer, double Place) this[int node] => (rank[node], place[node]);

    private int AddNode(int layer)
    {
        rank.Add(layer);
        before.Add([]);
        after.Add([]);
        return rank.Count - 1;
    }

    private void Order()
    {
        place = new double[rank.Count];
        foreach (List<int> layer in layers)
        {
            Number(layer);
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool forward = sweep % 2 == 0;
            foreach (List<int> layer in forward ? layers : Enumerable.Reverse(layers))
            {
                List<int> sorted = [.. layer.OrderBy(node => Mean(node, forward ? before : after))];
                layer.Clear();
                layer.AddRange(sorted);
                Number(layer);
            }
        }
    }

    private void Number(List<int> layer)
    {
        for (int i = 0; i < layer.Count; i++)
        {
            place[layer[i]] = i;
        }
    }

    private double Mean(int node, List<List<int>> neighbours) => neighbours[node].Count == 0 ? place[node] : neighbours[node].Average(other => place[other]);

    private void Place()
    {
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool forward = sweep % 2 == 0;
            foreach (List<int> layer in forward ? layers : Enumerable.Reverse(layers))
            {
                double[] wanted = [.. layer.Select(node => Mean(node, forward ? before : after))];
                // Not nearer than allowed, from both ends; the mean of the two keeps to the middle.
                double[] up = [.. wanted], down = [.. wanted];
                for (int i = 1; i < up.Length; i++)
                {
                    up[i] = Math.Max(up[i], up[i - 1] + Gap(layer[i - 1], layer[i]));
                }
                for (int i = down.Length - 2; i >= 0; i--)
                {
                    down[i] = Math.Min(down[i], down[i + 1] - Gap(layer[i], layer[i + 1]));
                }
                for (int i = 0; i < layer.Count; i++)
                {
                    place[layer[i]] = (up[i] + down[i]) / 2;
                }
            }
        }
        double least = place.Length == 0 ? 0 : place.Min();
        for (int i = 0; i < place.Length; i++)
        {
            place[i] -= least;
            Breadth = Math.Max(Breadth, place[i]);
        }
    }

    private double Gap(int a, int b) => a >= Count && b >= Count ? 0.25 : a >= Count || b >= Count ? 0.65 : 1;
}
