namespace Symbolic.Codegen;

/// <summary>What the texts of all kernels have in common.</summary>
internal static class KernelText
{
    /// <summary>Size symbols as locals.</summary>
    public static void Sizes(SourceText text, Seq<DimSymbol> sizes)
    {
        for (int i = 0; i < sizes.Count; i++)
        {
            text.Line($"long n{i} = s[{i}];");
        }
    }

    /// <summary>Buffers as typed pointers.</summary>
    public static void Buffers(SourceText text, Seq<KernelBuffer> buffers)
    {
        for (int i = 0; i < buffers.Count; i++)
        {
            string type = Spelling.Memory(buffers[i].DType);
            text.Line($"{type}* b{i} = ({type}*)b[{i}];");
        }
    }

    /// <summary>The methods of a kernel that a class of the library runs, packing in its first phase at most.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="kernel">Its name.</param>
    /// <param name="engine">The class.</param>
    /// <param name="phases">Its phases.</param>
    /// <param name="passes">Whether stores may pass the caches by.</param>
    public static void Engine(SourceText text, string kernel, string engine, int phases, bool passes = false)
    {
        text.Line($"public static long {kernel}_scratch(long* s) => {engine}.Scratch(s);");
        text.Line($"public static long {kernel}_shared(long* s) => {engine}.Shared(s);");
        text.Line($"public static long {kernel}_packs(long* s) => {engine}.Packs(s);");
        text.Line($"public static long {kernel}_streams(long* s) => -1;");
        text.Line($"public static long {kernel}_streamed(long* s) => 0;");
        text.Line($"public static void {kernel}_ahead(byte** b, long* s, long chunk, byte* scratch) {{ }}");
        for (int phase = 0; phase < phases; phase++)
        {
            text.Line($"public static long {kernel}_{phase}_chunks(long* s) => {engine}.Chunks({phase}, s);");
            Phase(text, kernel, phase, $"{engine}.Run({phase}, b, s, chunk, scratch)", passes);
        }
    }

    /// <summary>The method of a phase that calls another one, behind which stores that passed the caches by are seen by everybody.</summary>
    public static void Phase(SourceText text, string kernel, int phase, string call, bool passes)
    {
        string header = $"public static void {kernel}_{phase}(byte** b, long* s, long chunk, byte* scratch)";
        if (!passes)
        {
            text.Line($"{header} => {call};");
            return;
        }
        text.Open(header);
        text.Line($"{call};");
        text.Line("Chunking.Finish();");
        text.Close();
    }

    /// <summary>The methods of a kernel that needs no scratch memory.</summary>
    public static void NoScratch(SourceText text, string kernel)
    {
        text.Line($"public static long {kernel}_scratch(long* s) => 0;");
        text.Line($"public static long {kernel}_shared(long* s) => 0;");
    }
}
