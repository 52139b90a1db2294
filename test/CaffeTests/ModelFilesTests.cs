using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>Files named by models: where they may lie.</summary>
public class ModelFilesTests
{
    [Fact]
    public void WithARootNothingOutsideIsOpened()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, root = Path.Combine(folder, "root"), secret = Path.Combine(folder, "secret");
        Directory.CreateDirectory(Path.Combine(root, "inner"));
        Directory.CreateDirectory(root + "2");
        File.WriteAllText(secret, "secret");
        File.WriteAllText(Path.Combine(root, "inner", "net"), "name: 'n'");
        File.CreateSymbolicLink(Path.Combine(root, "link"), secret);
        File.CreateSymbolicLink(Path.Combine(root, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(root, "good"), Path.Combine("inner", "net"));
        File.CreateSymbolicLink(Path.Combine(root, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(root, "b"), "a");
        try
        {
            var files = new ModelFiles(root);
            Assert.Equal("n", Prototxt.Read<NetParameter>(Path.Combine(root, "inner", "net"), files).Message.Name);
            Assert.Equal("n", Prototxt.Read<NetParameter>(Path.Combine(root, "good"), files).Message.Name);
            Assert.Equal("n", Prototxt.Read<NetParameter>(Path.Combine(root, "..", "root", "good"), files).Message.Name);
            foreach (string outside in new[] { secret, Path.Combine(root, "..", "secret"), Path.Combine(root, "link"), Path.Combine(root, "up", "secret"), root + "2", "/etc/passwd", "relative" })
            {
                Assert.Contains("lies outside", Assert.Throws<UnauthorizedAccessException>(() => files.Resolve(outside)).Message, StringComparison.Ordinal);
            }
            Assert.Throws<InvalidDataException>(() => files.Resolve(Path.Combine(root, "a")));
            Assert.Equal(Path.Combine(Environment.CurrentDirectory, "relative"), ModelFiles.Anywhere.Resolve("relative"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void NamesThatAreNoPathsAreRefused()
    {
        Assert.Throws<InvalidDataException>(() => ModelFiles.Anywhere.Resolve(""));
        Assert.Throws<InvalidDataException>(() => ModelFiles.Anywhere.Resolve("a\0b"));
        Assert.Throws<FileNotFoundException>(() => Prototxt.Read<NetParameter>("there is no such net"));
    }

    [Fact]
    public void FilesThatAreTooLargeAreNotRead()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, new byte[11]);
        Assert.Equal($"{path}: has 11 bytes; more than 10 are refused", Assert.Throws<InvalidDataException>(() => ModelFiles.Anywhere.ReadAll(path, most: 10)).Message);
        Assert.Equal(11, ModelFiles.Anywhere.ReadAll(path, most: 11).Length);
        File.Delete(path);
    }
}
