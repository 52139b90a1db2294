using System.Globalization;

namespace Symbolic.Cli.Demo.Digits;

/// <summary>A point of a drawing, x to the right and y downwards.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>The ways in which people write each digit: strokes of a pen as paths in a box of 100 by 100.</summary>
/// <remarks>The letters are those of SVG paths: M moves the pen, L draws a line, C a cubic Bézier curve.</remarks>
internal static class Skeletons
{
    private const int PointsPerCurve = 10;

    private static readonly string[][] Paths =
    [
        [
            "M50 8 C18 8 18 92 50 92 C82 92 82 8 50 8",
            "M58 10 C20 8 14 90 50 92 C84 90 84 14 46 14",
            "M50 8 C22 8 22 92 50 92 C78 92 78 8 50 8 M68 22 L32 78",
            "M60 8 C34 6 18 60 30 86 C44 102 74 66 74 36 C74 18 66 8 56 12",
        ],
        [
            "M50 6 L50 94",
            "M32 28 L54 8 L54 94",
            "M34 24 L52 8 L52 92 M32 92 L72 92",
            "M60 6 L42 94",
            "M26 34 C40 28 52 18 58 6 L52 94",
        ],
        [
            "M22 28 C26 0 80 2 76 34 C74 56 34 70 20 92 L82 92",
            "M22 26 C30 2 78 4 72 36 C66 64 30 98 24 84 C22 70 46 78 56 88 C64 94 78 92 84 84",
            "M22 20 L58 8 L76 28 L22 92 L80 90",
            "M26 22 C44 2 74 10 72 32 C68 58 40 72 22 90 C44 84 60 94 80 88",
        ],
        [
            "M24 14 C54 0 84 18 70 38 C64 46 50 48 42 48 C62 46 82 58 76 76 C70 96 36 98 20 82",
            "M24 10 L76 10 L46 42 C86 42 88 92 48 92 C36 92 26 88 20 80",
            "M26 20 C40 2 78 8 72 30 C68 44 52 46 40 46 M40 46 C84 46 84 94 46 92 C32 92 24 84 22 76",
        ],
        [
            "M28 8 L22 56 L82 56 M62 30 L62 94",
            "M62 94 L62 8 L18 66 L84 66",
            "M26 8 C22 30 20 44 28 52 C40 60 64 54 76 48 M70 10 L62 94",
            "M34 6 L20 60 L80 54 M66 34 L56 96",
        ],
        [
            "M76 10 L32 10 L28 46 C56 32 84 46 78 70 C72 96 36 96 20 82",
            "M34 12 L30 44 C60 34 84 50 76 72 C70 94 38 96 22 84 M34 12 L80 8",
            "M74 14 C42 4 24 24 34 42 C48 54 80 54 74 76 C66 98 36 94 22 84",
        ],
        [
            "M66 8 C36 22 20 54 24 74 C28 98 76 98 76 70 C76 44 32 46 24 70",
            "M60 6 L28 60 C16 96 78 102 76 68 C74 46 40 46 28 62",
            "M72 14 C40 0 22 40 24 68 C26 100 74 98 74 70 C72 46 36 48 25 66",
        ],
        [
            "M20 12 L78 12 L42 92",
            "M20 12 L80 12 L44 92 M34 52 L72 48",
            "M22 26 L24 10 L80 10 C62 34 50 60 48 94",
            "M18 18 C40 6 60 18 80 8 C66 40 56 60 52 94",
        ],
        [
            "M50 50 C16 38 22 6 50 8 C80 8 82 40 50 50 C12 60 16 94 50 94 C86 94 86 60 50 50",
            "M74 18 C56 0 22 12 30 34 C38 52 76 56 74 76 C70 98 28 98 26 76 C26 56 72 44 74 18",
            "M50 8 C76 8 76 46 50 46 C24 46 24 8 50 8 M50 46 C84 48 84 94 50 94 C16 94 16 48 50 46",
        ],
        [
            "M74 30 C70 2 24 4 26 32 C28 58 72 56 74 30 L70 94",
            "M74 32 C70 4 24 6 26 34 C28 58 70 56 74 32 C78 60 70 98 28 88",
            "M70 18 C46 0 22 18 26 38 C32 58 68 48 72 22 C72 50 64 76 56 94",
        ],
    ];

    /// <summary>For each digit its styles, each a list of strokes, each a chain of points.</summary>
    public static IReadOnlyList<IReadOnlyList<Point[][]>> Digits { get; } = [.. Paths.Select(styles => styles.Select(Strokes).ToArray())];

    private static Point[][] Strokes(string path)
    {
        var strokes = new List<Point[]>();
        var stroke = new List<Point>();
        string[] words = path.Split(' ');
        for (int at = 0; at < words.Length;)
        {
            char command = words[at][0];
            if (command == 'M' && stroke.Count > 0)
            {
                strokes.Add([.. stroke]);
                stroke.Clear();
            }
            Point first = new(Number(words[at][1..]), Number(words[at + 1]));
            switch (command)
            {
                case 'M':
                    stroke.Add(first);
                    at += 2;
                    break;
                case 'L':
                    Line(stroke, first);
                    at += 2;
                    break;
                case 'C':
                    Curve(stroke, first, new(Number(words[at + 2]), Number(words[at + 3])), new(Number(words[at + 4]), Number(words[at + 5])));
                    at += 6;
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"{command} in {path}");
            }
        }
        strokes.Add([.. stroke]);
        return [.. strokes];
    }

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);

    // Lines get points in between as well, for the bending that follows.
    private static void Line(List<Point> stroke, Point end)
    {
        Point start = stroke[^1];
        for (int i = 1; i <= PointsPerCurve / 2; i++)
        {
            double t = i / (PointsPerCurve / 2.0);
            stroke.Add(new(start.X + (t * (end.X - start.X)), start.Y + (t * (end.Y - start.Y))));
        }
    }

    private static void Curve(List<Point> stroke, Point one, Point two, Point end)
    {
        Point start = stroke[^1];
        for (int i = 1; i <= PointsPerCurve; i++)
        {
            double t = i / (double)PointsPerCurve, s = 1 - t;
            double a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
            stroke.Add(new((a * start.X) + (b * one.X) + (c * two.X) + (d * end.X), (a * start.Y) + (b * one.Y) + (c * two.Y) + (d * end.Y)));
        }
    }
}
