namespace Symbolic.Codegen;

/// <summary>From an optimised program to its plan and the text of its kernels. Pure: no file, no device, no clock.</summary>
public static class Generator
{
    /// <summary>Generates the program.</summary>
    public static GeneratedProgram Generate(ProgramBody program, CodegenOptions options) => new Planner(options).Build(program);
}
