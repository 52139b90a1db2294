Console.WriteLine("symbolic");
