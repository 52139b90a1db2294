using System.Text;
using Symbolic.Caffe;
using Symbolic.Caffe.Hdf5;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>An HDF5 file, all arrays of it.</summary>
internal sealed class Hdf5Target : CaffeTarget
{
    public override string Name => "hdf5";

    public override string Extension => ".h5";

    public override IEnumerable<byte[]> Own()
    {
        string folder = Directory.CreateTempSubdirectory("fuzz").FullName;
        try
        {
            string file = Path.Combine(folder, "own.h5");
            var writer = new Hdf5Writer();
            writer.Add("data/conv1/0", [2, 3], [1, 2, 3, 4, 5, 6]);
            writer.Add("data/conv1/1", [2], [1, 2]);
            writer.Add("iter", 10);
            writer.Add("learned_net", "n_iter_10.caffemodel.h5");
            writer.Write(file);
            return [File.ReadAllBytes(file)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Bytes.Damage(valid, other, random);

    public override void Read(string file)
    {
        using Hdf5Reader reader = Hdf5Reader.Open(file, ModelFiles.Anywhere);
        foreach (string name in reader.Arrays("/"))
        {
            reader.Shape(name);
            if (name == "learned_net")
            {
                reader.Text(name);
            }
            else
            {
                reader.Read(name);
            }
        }
        foreach ((string group, Seq<string> arrays) in reader.Leaves("/"))
        {
            foreach (string array in arrays)
            {
                reader.Read($"{group}/{array}");
            }
        }
    }
}
