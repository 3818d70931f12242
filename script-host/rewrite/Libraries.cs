// Where the references of scripts are found: our own assemblies, .NET's, the user's folders.
//
// By simple name: a script built against any version of SSIS or .NET Framework finds the one that
// is here.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Mono.Cecil;

namespace Packmule.Script.Rewrite
{
    /// <summary>The assemblies that scripts may refer to. Made once for each host; safe for use by
    /// several threads.</summary>
    public sealed class Libraries : IAssemblyResolver
    {
        /// <summary>More files than this in the user's folders are not looked at.</summary>
        private const int UserFilesMax = 10000;

        /// <summary>Assemblies that scripts name, and ours that take their place: under their own names
        /// those of the runtime would win.</summary>
        internal static readonly Dictionary<string, string> StandIns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            { "System.Windows.Forms", "ScriptForms" },
            { "Microsoft.VisualBasic", "ScriptVisualBasic" },
            { NamesReference.Assembly, "ScriptShim" },
        };

        private readonly Dictionary<string, byte[]> _moved = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _users = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, string> _files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        private readonly List<string> _own = new List<string>();
        private readonly HashSet<string> _framework = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, AssemblyDefinition> _read = new Dictionary<string, AssemblyDefinition>(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, Assembly> _loaded = new Dictionary<string, Assembly>(StringComparer.OrdinalIgnoreCase);

        /// <summary>Looks at folders; what an earlier one has wins: the host's, .NET's, the user's.</summary>
        /// <param name="hostFolder">The folder of the host program and its libraries.</param>
        /// <param name="userFolders">Folders with assemblies of the user; a missing one is an error.</param>
        /// <exception cref="DirectoryNotFoundException">A user's folder does not exist.</exception>
        public Libraries(string hostFolder, IEnumerable<string> userFolders)
        {
            HostFolder = hostFolder;
            foreach (var file in Directory.GetFiles(hostFolder, "*.dll").OrderBy(f => f, StringComparer.Ordinal))
            {
                Add(file, false);
                _own.Add(Path.GetFileNameWithoutExtension(file));
            }
            foreach (var pair in StandIns)
            {
                if (_files.ContainsKey(pair.Value)) _files[pair.Key] = _files[pair.Value];
            }
            var framework = Platform.FrameworkFolder;
            foreach (var folder in new[] { framework, Path.Combine(framework, "Facades") })
            {
                if (!Directory.Exists(folder)) continue;
                foreach (var file in Directory.GetFiles(folder, "*.dll")) Add(file, true);
            }
            foreach (var folder in userFolders)
            {
                foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Take(UserFilesMax).OrderBy(f => f, StringComparer.Ordinal))
                {
                    if (!file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) continue;
                    var name = Path.GetFileNameWithoutExtension(file);
                    if (FileOf(name) == null) _users.Add(name);
                    Add(file, false);
                }
            }
        }

        /// <summary>The folder of the host's own libraries.</summary>
        public string HostFolder { get; private set; }

        /// <summary>Simple names of the host's own assemblies.</summary>
        public IEnumerable<string> Own
        {
            get { return _own; }
        }

        private void Add(string file, bool framework)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (_files.ContainsKey(name)) return;
            _files.Add(name, file);
            if (framework) _framework.Add(name);
        }

        /// <summary>The file of an assembly by simple name, or null.</summary>
        public string FileOf(string simpleName)
        {
            string file;
            return _files.TryGetValue(simpleName, out file) ? file : null;
        }

        /// <summary>The files of .NET itself, but for those that ours stand for. On .NET a compiler needs
        /// them all: a class of .NET Framework may be in any.</summary>
        public IEnumerable<string> FrameworkFiles
        {
            get { return _framework.Where(n => n != "Microsoft.VisualBasic.Core").Select(FileOf); }
        }

        /// <summary>Whether an assembly belongs to .NET itself.</summary>
        public bool IsFramework(string simpleName)
        {
            return _framework.Contains(simpleName);
        }

        /// <summary>For AppDomain.AssemblyResolve: the assembly of that simple name, or null. Version
        /// and key are not looked at.</summary>
        public Assembly Load(string assemblyFullName)
        {
            var name = new AssemblyName(assemblyFullName).Name;
            var file = FileOf(name);
            if (file == null) return null;
            lock (Rewriter.Gate)
            {
                Assembly found;
                if (_loaded.TryGetValue(name, out found)) return found;
                found = _users.Contains(name) ? Assembly.Load(Moved(name, file)) : Assembly.LoadFrom(file);
                _loaded.Add(name, found);
                return found;
            }
        }

        /// <summary>A user's assembly with the moves of scripts.</summary>
        private byte[] Moved(string name, string file)
        {
            byte[] bytes;
            if (_moved.TryGetValue(name, out bytes)) return bytes;
            try
            {
                bytes = Rewriter.MoveLibrary(File.ReadAllBytes(file), this);
            }
            catch (Exception e)
            {
                // Cecil throws many types over what it cannot read.
                if (e is System.Threading.ThreadAbortException) throw;
                throw new BadImageFormatException("the assembly " + file + " cannot be used by scripts: " + e.Message, e);
            }
            _moved.Add(name, bytes);
            return bytes;
        }

        /// <summary>Reads the metadata of an assembly; null when it is not here.</summary>
        public AssemblyDefinition Find(string simpleName)
        {
            var file = FileOf(simpleName);
            if (file == null) return null;
            lock (Rewriter.Gate)
            {
                AssemblyDefinition found;
                if (_read.TryGetValue(simpleName, out found)) return found;
                var parameters = new ReaderParameters { AssemblyResolver = this };
                if (_users.Contains(simpleName)) found = AssemblyDefinition.ReadAssembly(new MemoryStream(Moved(simpleName, file), false), parameters);
                else if (Platform.IsMono) found = AssemblyDefinition.ReadAssembly(file, parameters);
                else found = AssemblyDefinition.ReadAssembly(new MemoryStream(PeCheck.ForAnyMachine(File.ReadAllBytes(file)), false), parameters);
                _read.Add(simpleName, found);
                return found;
            }
        }

        /// <summary>For Cecil: the assembly, or AssemblyResolutionException.</summary>
        public AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            var found = Find(name.Name);
            if (found == null) throw new AssemblyResolutionException(name);
            return found;
        }

        /// <summary>For Cecil: the assembly, or AssemblyResolutionException.</summary>
        public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
        {
            return Resolve(name);
        }

        /// <summary>For Cecil: the assembly, or AssemblyResolutionException.</summary>
        public AssemblyDefinition Resolve(string fullName)
        {
            return Resolve(AssemblyNameReference.Parse(fullName));
        }

        /// <summary>For Cecil: the assembly, or AssemblyResolutionException.</summary>
        public AssemblyDefinition Resolve(string fullName, ReaderParameters parameters)
        {
            return Resolve(AssemblyNameReference.Parse(fullName));
        }

        /// <summary>For Cecil: nothing is held that would have to be given back.</summary>
        public void Dispose()
        {
        }
    }
}
