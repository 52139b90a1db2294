return Symbolic.Cli.Tool.Run(args, Console.Out, Console.Error);
