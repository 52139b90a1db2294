using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Symbolic;

/// <summary>Finds the source line of a method's IL offset in the portable PDB beside or inside its assembly.</summary>
internal static class SourceLine
{
    /// <summary>As <c>file:line</c>, or null where no symbols are found.</summary>
    public static string? Find(MethodBase method, int offset)
    {
        string location = method.Module.Assembly.Location;
        if (location.Length == 0 || offset < 0 || !File.Exists(location))
        {
            return null;
        }
        using var image = new PEReader(File.OpenRead(location));
        if (!image.TryOpenAssociatedPortablePdb(location, path => File.Exists(path) ? File.OpenRead(path) : null, out MetadataReaderProvider? provider, out _))
        {
            return null;
        }
        using (provider)
        {
            MetadataReader reader = provider!.GetMetadataReader();
            var handle = ((MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken)).ToDebugInformationHandle();
            MethodDebugInformation information = reader.GetMethodDebugInformation(handle);
            SequencePoint? best = null;
            foreach (SequencePoint point in information.GetSequencePoints())
            {
                if (point.Offset <= offset && !point.IsHidden)
                {
                    best = point;
                }
            }
            return best is { } found ? $"{reader.GetString(reader.GetDocument(found.Document).Name)}:{found.StartLine}" : null;
        }
    }
}
