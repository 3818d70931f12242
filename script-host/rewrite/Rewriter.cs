// Makes a script's binary run here: checks its references and moves those that mean Windows.
//
// What changes: types that ScriptShim stands for are referred to there; single members (the
// constructor of StreamWriter with a path, Environment.NewLine …) become calls of its static
// methods; System.Windows.Forms and Microsoft.VisualBasic become ScriptForms and ScriptVisualBasic;
// SSIS 2005's TxScript becomes the build with the older interfaces; the assembly gets a name of its own, since all scripts of SSIS 2005 are
// called VBAssembly. The same is done with what the compiler made, so that both roads behave alike.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Packmule.Script.Rewrite
{
    /// <summary>Rewrites script binaries.</summary>
    public static class Rewriter
    {
        /// <summary>A binary larger than this is no script.</summary>
        private const int BytesMax = 64 * 1024 * 1024;

        /// <summary>Cecil keeps what it resolved without a lock of its own. Libraries takes the same
        /// lock, so that there is no order to keep.</summary>
        internal static readonly object Gate = new object();

        private static readonly FieldInfo ScopeField = typeof(TypeReference).GetField("scope", BindingFlags.Instance | BindingFlags.NonPublic);
        private static MoveTable _table;
        private static Libraries _tableOf;

        /// <summary>Checks a binary and makes it ready to load.</summary>
        /// <param name="dll">The binary as the package holds it.</param>
        /// <param name="libraries">Where references are found.</param>
        /// <param name="check">What was found.</param>
        /// <returns>The bytes to load; null when the check refuses the script.</returns>
        public static byte[] Rewrite(byte[] dll, Libraries libraries, out ScriptCheck check)
        {
            check = new ScriptCheck();
            if (dll == null || dll.Length == 0 || dll.Length > BytesMax)
            {
                check.Findings.Add(Damaged("it has no bytes, or more than " + BytesMax));
                return null;
            }
            lock (Gate)
            {
                try
                {
                    return Work(dll, libraries, check);
                }
                catch (Exception e)
                {
                    // Cecil throws many types over damaged metadata; none may end the host.
                    if (e is System.Threading.ThreadAbortException) throw;
                    check.Findings.Add(Damaged(e.GetType().Name + ": " + e.Message));
                    return null;
                }
            }
        }

        private static Finding Damaged(string why)
        {
            return new Finding
            {
                Assembly = "",
                Member = "",
                Where = "",
                Refuses = true,
                Advice = "the script's binary cannot be read (" + why + "); open and save the script in the designer, so that it is built anew",
            };
        }

        private static MoveTable TableOf(Libraries libraries)
        {
            if (_table == null || _tableOf != libraries)
            {
                _table = new MoveTable(libraries.Find("ScriptShim"));
                _tableOf = libraries;
            }
            return _table;
        }

        /// <summary>An assembly of the user with the same moves, under its own name: its paths are
        /// mapped as those of the script that calls it. What it lacks shows when it is reached.</summary>
        /// <exception cref="BadImageFormatException">It is no assembly of managed code.</exception>
        internal static byte[] MoveLibrary(byte[] dll, Libraries libraries)
        {
            var table = TableOf(libraries);
            dll = PeCheck.Run(dll);
            var module = ModuleDefinition.ReadModule(new MemoryStream(dll, false), new ReaderParameters { AssemblyResolver = libraries, ReadingMode = ReadingMode.Immediate });
            if ((module.Attributes & ModuleAttributes.ILOnly) == 0) throw new BadImageFormatException("it holds machine code of Windows");
            Unembed.Run(module, libraries);
            Redirect(module, table);
            MoveTypes(module, table);
            RenameReferences(module, false);
            module.Attributes &= ~ModuleAttributes.StrongNameSigned;
            var written = new MemoryStream(dll.Length + 4096);
            module.Write(written);
            return written.ToArray();
        }

        private static byte[] Work(byte[] dll, Libraries libraries, ScriptCheck check)
        {
            var table = TableOf(libraries);
            dll = PeCheck.Run(dll);
            var parameters = new ReaderParameters { AssemblyResolver = libraries, ReadingMode = ReadingMode.Immediate };
            var module = ModuleDefinition.ReadModule(new MemoryStream(dll, false), parameters);
            if (module.Assembly == null) throw new BadImageFormatException("a module without an assembly");
            if ((module.Attributes & ModuleAttributes.ILOnly) == 0) throw new BadImageFormatException("it holds machine code of Windows");
            check.TargetRuntime = RuntimeName(module.Runtime);
            check.AssemblyName = module.Assembly.Name.Name;
            check.Is2005 = module.AssemblyReferences.Any(r => r.Name.StartsWith("Microsoft.SqlServer.", StringComparison.OrdinalIgnoreCase) && r.Version.Major == 9);
            check.EntryClass = EntryClassOf(module);
            var made = Unembed.Run(module, libraries);
            Redirect(module, table);
            MoveTypes(module, table);
            RenameReferences(module, check.Is2005);
            new Resolver(module, table, check).Run(made);
            if (!check.Runs) return null;
            NameUniquely(module, dll);
            var written = new MemoryStream(dll.Length + 4096);
            module.Write(written);
            return written.ToArray();
        }

        private static string RuntimeName(TargetRuntime runtime)
        {
            switch (runtime)
            {
                case TargetRuntime.Net_1_0:
                    return "v1.0.3705";
                case TargetRuntime.Net_1_1:
                    return "v1.1.4322";
                case TargetRuntime.Net_2_0:
                    return "v2.0.50727";
                default:
                    return "v4.0.30319";
            }
        }

        /// <summary>The class that carries an entry attribute, else the one named ScriptMain.</summary>
        private static string EntryClassOf(ModuleDefinition module)
        {
            TypeDefinition named = null;
            foreach (var type in module.Types)
            {
                if (type.HasCustomAttributes && type.CustomAttributes.Any(a => a.AttributeType.Name == "SSISScriptTaskEntryPointAttribute" || a.AttributeType.Name == "SSISScriptComponentEntryPointAttribute"))
                {
                    return type.FullName;
                }
                if (type.Name == "ScriptMain" && named == null) named = type;
            }
            return named == null ? null : named.FullName;
        }

        private static IEnumerable<MethodDefinition> BodiesOf(ModuleDefinition module)
        {
            return module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody);
        }

        /// <summary>Single members to static methods of the shim.</summary>
        private static void Redirect(ModuleDefinition module, MoveTable table)
        {
            var imported = new Dictionary<string, MethodReference>(StringComparer.Ordinal);
            foreach (var method in BodiesOf(module))
            {
                foreach (var instruction in method.Body.Instructions)
                {
                    var called = instruction.Operand as MethodReference;
                    if (called == null || called is GenericInstanceMethod) continue;
                    // A constructor called on its own object is that of a base class; see Resolver.
                    if (called.Name == ".ctor" && instruction.OpCode.Code != Code.Newobj) continue;
                    if (instruction.OpCode.Code == Code.Ldvirtftn || instruction.OpCode.Code == Code.Ldtoken) continue;
                    var target = table.MemberFor(called);
                    if (target == null) continue;
                    MethodReference reference;
                    if (!imported.TryGetValue(target.FullName, out reference))
                    {
                        reference = module.Import(target);
                        imported.Add(target.FullName, reference);
                    }
                    if (instruction.OpCode.Code != Code.Ldftn) instruction.OpCode = OpCodes.Call;
                    instruction.Operand = reference;
                }
            }
        }

        /// <summary>References to whole types to those that stand for them.</summary>
        private static void MoveTypes(ModuleDefinition module, MoveTable table)
        {
            AssemblyNameReference shim = null;
            foreach (var type in module.GetTypeReferences().ToList())
            {
                if (type.DeclaringType != null) continue;
                var to = table.TypeFor(type.FullName);
                if (to == null) continue;
                if (shim == null)
                {
                    var name = table.Shim.Name;
                    shim = module.AssemblyReferences.FirstOrDefault(r => r.Name == name.Name);
                    if (shim == null)
                    {
                        shim = new AssemblyNameReference(name.Name, name.Version);
                        module.AssemblyReferences.Add(shim);
                    }
                }
                SetScope(type, shim);
                type.Namespace = to.Namespace;
                type.Name = to.Name;
            }
        }

        /// <summary>Cecil 0.9 has no setter for the assembly of a reference; later ones have.</summary>
        private static void SetScope(TypeReference type, IMetadataScope scope)
        {
            var property = typeof(TypeReference).GetProperty("Scope");
            if (property.CanWrite) property.SetValue(type, scope, null);
            else ScopeField.SetValue(type, scope);
        }

        private static void RenameReferences(ModuleDefinition module, bool is2005)
        {
            foreach (var reference in module.AssemblyReferences)
            {
                string ours;
                if (Libraries.StandIns.TryGetValue(reference.Name, out ours))
                {
                    reference.Name = ours;
                    reference.PublicKeyToken = new byte[0];
                }
                if (is2005 && reference.Name.Equals("Microsoft.SqlServer.TxScript", StringComparison.OrdinalIgnoreCase)) reference.Name = "Microsoft.SqlServer.TxScript.90";
            }
        }

        private static void NameUniquely(ModuleDefinition module, byte[] dll)
        {
            string hash;
            using (var sha = SHA256.Create()) hash = BitConverter.ToString(sha.ComputeHash(dll), 0, 8).Replace("-", "").ToLowerInvariant();
            var name = module.Assembly.Name;
            name.Name = name.Name + "_" + hash;
            name.HasPublicKey = false;
            name.PublicKey = new byte[0];
            module.Name = name.Name + ".dll";
            module.Attributes &= ~ModuleAttributes.StrongNameSigned;
            module.Runtime = TargetRuntime.Net_4_0;
        }
    }
}
