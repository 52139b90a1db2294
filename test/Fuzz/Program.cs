using Symbolic.Fuzz;

try
{
    CommandLine line = CommandLine.Parse(args);
    return line.Child ? Child.Run(line) : Campaign.Run(line);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
