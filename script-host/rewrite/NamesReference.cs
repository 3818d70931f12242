// What sources are compiled against where .NET lacks a class of .NET Framework that the shim has.
//
// Stored binaries name such classes (System.Data.SqlClient.SqlConnection …) and the rewriter moves the
// names. A compiler needs the names themselves: it gets a copy of ScriptShim in which the stand-ins
// have them, and what it made is rewritten as any binary.

using System;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace Packmule.Script.Rewrite
{
    /// <summary>Makes that copy.</summary>
    internal static class NamesReference
    {
        /// <summary>Its name, which the rewriter takes for ScriptShim's.</summary>
        public const string Assembly = "ScriptNames";

        /// <summary>Writes it into a folder; gives its path.</summary>
        public static string Write(string folder, Libraries libraries)
        {
            var path = Path.Combine(folder, Assembly + ".dll");
            lock (Rewriter.Gate)
            {
                var module = ModuleDefinition.ReadModule(libraries.FileOf("ScriptShim"), new ReaderParameters { AssemblyResolver = libraries, ReadingMode = ReadingMode.Immediate });
                foreach (var type in module.Types.ToList())
                {
                    var mark = type.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "StandsForAttribute");
                    if (mark == null) continue;
                    var name = (string)mark.ConstructorArguments[0].Value;
                    // A second class of that name would make it ambiguous.
                    if (IsHere(name)) continue;
                    var dot = name.LastIndexOf('.');
                    type.Namespace = name.Substring(0, dot);
                    type.Name = name.Substring(dot + 1);
                }
                var own = module.Assembly.Name;
                own.Name = Assembly;
                own.HasPublicKey = false;
                own.PublicKey = new byte[0];
                module.Attributes &= ~ModuleAttributes.StrongNameSigned;
                module.Write(path);
            }
            return path;
        }

        /// <summary>Whether .NET has a class, in any of the assemblies that name those of .NET Framework.</summary>
        private static bool IsHere(string name)
        {
            return new[] { "mscorlib", "System", "System.Data" }.Any(assembly => HasType(assembly, name));
        }

        private static bool HasType(string assembly, string name)
        {
            try
            {
                return Type.GetType(name + ", " + assembly, false) != null;
            }
            catch (IOException)
            {
                // It is said to be in an assembly that is not there.
                return false;
            }
        }
    }
}
