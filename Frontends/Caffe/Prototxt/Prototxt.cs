using System.Text;
using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>A message read from a prototxt, with the place of everything in it.</summary>
/// <param name="Message">The message; not shared with anyone.</param>
/// <param name="Places">Where its messages and fields stand.</param>
public sealed record PrototxtDocument<T>(T Message, PrototxtPlaces Places);

/// <summary>
/// Reads protobuf's text format, in which nets and solvers are written. A text of more than 1,048,576 characters or nested
/// more than 100 deep is refused before it is parsed.
/// </summary>
public static class Prototxt
{
    /// <summary>Parses a text. The file's name is for errors only.</summary>
    /// <exception cref="PrototxtError">The text is too large, does not follow the grammar, or does not fit the message; says line and column.</exception>
    public static PrototxtDocument<T> Parse<T>(string text, string file) where T : IMessage, new()
    {
        PrototxtLimits.Check(text, file);
        MessageSyntax syntax = PrototxtGrammar.Parse(text, file);
        var message = new T();
        var binder = new PrototxtBinder(file);
        binder.Fill(message, syntax, new TextPlace(file, syntax.Line, syntax.Column));
        return new PrototxtDocument<T>(message, binder.Places);
    }

    /// <summary>Reads a file of UTF-8 text.</summary>
    /// <exception cref="PrototxtError">As <see cref="Parse"/>.</exception>
    /// <exception cref="InvalidDataException">The file has more bytes than so many characters can take.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static PrototxtDocument<T> Read<T>(string path, ModelFiles? files = null) where T : IMessage, new()
    {
        byte[] bytes = (files ?? ModelFiles.Anywhere).ReadAll(path, most: 4 * PrototxtLimits.MostCharacters);
        string text = Encoding.UTF8.GetString(bytes);
        return Parse<T>(text.StartsWith('\uFEFF') ? text[1..] : text, path);
    }

    /// <summary>Reads a solver of either of Caffe's formats and brings it into today's. Nets inside it are left as they are until they are built.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <param name="log">Told of upgrades; null: nobody.</param>
    /// <exception cref="PrototxtError">As <see cref="Parse"/> and <see cref="SolverUpgrade.Apply"/>.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static PrototxtDocument<SolverParameter> ReadSolver(string path, ModelFiles? files = null, ICaffeLog? log = null)
    {
        PrototxtDocument<SolverParameter> solver = Read<SolverParameter>(path, files);
        return solver with { Message = SolverUpgrade.Apply(solver.Message, solver.Places, path, log) };
    }

    /// <summary>Reads a net of any of Caffe's formats and brings it into today's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <param name="log">Told of upgrades; null: nobody.</param>
    /// <exception cref="PrototxtError">As <see cref="Parse"/> and <see cref="NetUpgrade.Apply"/>, and where an upgrade would drop something.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static PrototxtDocument<NetParameter> ReadNet(string path, ModelFiles? files = null, ICaffeLog? log = null)
    {
        PrototxtDocument<NetParameter> net = Read<NetParameter>(path, files);
        return net with { Message = NetUpgrade.Apply(net.Message, net.Places, path, log).Whole };
    }
}
