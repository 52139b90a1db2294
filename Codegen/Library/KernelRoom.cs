namespace Symbolic.Codegen.Library;

/// <summary>
/// Room behind the numbers that a kernel takes, zero before its first use: a kernel keeps there what it decides when it is bound, so that no chunk decides
/// again.
/// </summary>
public static unsafe class KernelRoom
{
    /// <summary>Its length in numbers of 64 bits.</summary>
    public const int Length = 24;

    /// <summary>
    /// Where in the room a choice among ways to run lies, all of which give the same bits: 0 for that of the kernel's own model. It is
    /// set before the kernel is asked anything.
    /// </summary>
    public const int Choice = 1;

    /// <summary>Where in the room the positions of buffers that are constants lie, as bits: what is read of them may be packed once. Set likewise.</summary>
    public const int Constants = 2;

    /// <summary>Where in the room what such a kernel decides lies that leaves no choice.</summary>
    public const int Decided = 3;

    /// <summary>Its length.</summary>
    public const int DecidedLength = 5;

    /// <summary>Numbers that tell products apart whose best choices may differ; a kernel that leaves choices writes them ahead of these.</summary>
    public const int DescriptionLength = 16;

    /// <summary>The most choices that a kernel offers, the model's own included.</summary>
    public const int MostChoices = 24;

    /// <summary>Whether a kernel, whose room is given, fetches what <see cref="Follow"/> says: a product by panels that has decided how it runs.</summary>
    public static bool Fetches(long* room) => *room != 0;

    /// <summary>Says to such a kernel which constants the next one reads, one chunk's behind the other's.</summary>
    /// <param name="room">Its room.</param>
    /// <param name="constants">Where they lie.</param>
    /// <param name="bytes">How many bytes.</param>
    public static void Follow(long* room, byte* constants, long bytes) => ((PanelLayout*)room)->Following = new FollowingConstants { First = constants, Bytes = bytes };

    /// <summary>What a product that leaves choices has decided, in words; its room is given.</summary>
    public static string Describe(long* room) => *room != 0 ? (*(PanelLayout*)room).ToString() : ConvolutionChoices.Describe(room[Choice]);
}
