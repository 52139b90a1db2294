using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>
/// Lets TorchSharp load where libstdc++ is older than it asks for (Debian 12). It needs a single function of GLIBCXX_3.4.32, with
/// which a program asks that iostreams be initialised, as older libraries do by themselves. In the copy beside this program that version is
/// marked weak, so that the loader does without it, and the function is called by the name of another that takes nothing and does no harm.
/// (ELF gABI, symbol table; Linux Standard Base Core 5.0, symbol versioning.)
/// </summary>
internal static class OldRuntime
{
    private const string Version = "GLIBCXX_3.4.32", Missing = "_ZSt21ios_base_library_initv", Harmless = "getpid";
    private const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, VersionNumbers = 0x6fffffff;
    private const ushort Weak = 2, AnyVersion = 1;
    private const int SectionEntry = 64, SymbolEntry = 24;

    /// <summary>Makes the library fit if it does not load as it is.</summary>
    public static void Fit()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        if (!OperatingSystem.IsLinux() || !File.Exists(library) || NativeLibrary.TryLoad(library, out _))
        {
            return;
        }
        byte[] elf = File.ReadAllBytes(library);
        Patch(elf);
        // A new file: the old one may be a link into a package.
        string fresh = library + ".fitted";
        File.WriteAllBytes(fresh, elf);
        File.Move(fresh, library, overwrite: true);
    }

    private static void Patch(byte[] elf)
    {
        int table = (int)Long(elf, 0x28), count = Short(elf, 0x3c);
        (uint Type, int At, int Size, int Link)[] sections =
        [
            .. Enumerable.Range(0, count).Select(i => table + i * SectionEntry).Select(at => (Int(elf, at + 4), (int)Long(elf, at + 0x18), (int)Long(elf, at + 0x20), (int)Int(elf, at + 0x28))),
        ];
        int numbers = sections.First(section => section.Type == VersionNumbers).At;
        foreach ((uint type, int at, int size, int link) in sections)
        {
            if (type == VersionNeeds)
            {
                MarkWeak(elf, at, sections[link].At);
            }
            else if (type == DynamicSymbols)
            {
                Rename(elf, at, size / SymbolEntry, sections[link].At, numbers);
            }
        }
    }

    private static void MarkWeak(byte[] elf, int need, int names)
    {
        for (int step = -1; step != 0; need += step)
        {
            int entry = need + (int)Int(elf, need + 8);
            for (int left = Short(elf, need + 2); left > 0; left--)
            {
                if (Text(elf, names + (int)Int(elf, entry + 8)) == Version)
                {
                    Write(elf, entry + 4, (ushort)(Short(elf, entry + 4) | Weak));
                }
                entry += (int)Int(elf, entry + 12);
            }
            step = (int)Int(elf, need + 12);
        }
    }

    private static void Rename(byte[] elf, int symbols, int count, int names, int numbers)
    {
        for (int i = 0; i < count; i++)
        {
            int name = names + (int)Int(elf, symbols + i * SymbolEntry);
            if (Text(elf, name) == Missing)
            {
                Encoding.ASCII.GetBytes(Harmless + '\0').CopyTo(elf, name);
                Write(elf, numbers + i * sizeof(ushort), AnyVersion);
            }
        }
    }

    private static string Text(byte[] elf, int at) => Encoding.ASCII.GetString(elf, at, Array.IndexOf(elf, (byte)0, at) - at);

    private static ulong Long(byte[] elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(at));

    private static uint Int(byte[] elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(at));

    private static ushort Short(byte[] elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at));

    private static void Write(byte[] elf, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(at), value);
}
