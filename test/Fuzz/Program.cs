using Symbolic.Fuzz;

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
return line.Child ? Child.Run(line) : Campaign.Run(line);
