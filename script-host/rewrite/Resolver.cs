// Every reference of a script is resolved before anything of it runs.
//
// A method whose signature names a missing assembly ends Mono with a segmentation fault when it is
// compiled, and missing members are only noticed when they are reached. So all references are
// looked up here, in metadata only; what is missing becomes a finding with its remedy.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Packmule.Script.Rewrite
{
    /// <summary>Looks up the references of one module, whose types are already moved.</summary>
    internal sealed class Resolver
    {
        private readonly ModuleDefinition _module;
        private readonly MoveTable _table;
        private readonly ScriptCheck _check;
        private readonly HashSet<string> _missingTypes = new HashSet<string>(StringComparer.Ordinal);
        private readonly HashSet<string> _missingAssemblies = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _embedded = new HashSet<string>(StringComparer.Ordinal);
        private Dictionary<string, string> _users;

        public Resolver(ModuleDefinition module, MoveTable table, ScriptCheck check)
        {
            _module = module;
            _table = table;
            _check = check;
        }

        /// <summary>Adds a finding for everything that is missing or refused.</summary>
        /// <param name="made">References that the module's tables do not hold yet.</param>
        public void Run(IEnumerable<MemberReference> made)
        {
            foreach (var member in made) CheckMember(member);
            foreach (var type in _module.GetTypeReferences().ToList()) CheckType(type);
            foreach (var member in _module.GetMemberReferences().ToList()) CheckMember(member);
            foreach (var type in _module.GetTypes()) CheckOwn(type);
        }

        private void Add(string assembly, string member, string advice, string user, bool refuses = true)
        {
            var standsFor = Libraries.StandIns.FirstOrDefault(p => p.Value == assembly && p.Key != NamesReference.Assembly).Key;
            _check.Findings.Add(new Finding
            {
                Assembly = standsFor ?? assembly,
                Member = _table.WithOriginalNames(member),
                Advice = advice,
                Where = user,
                Refuses = refuses,
            });
        }

        private static string ScopeOf(TypeReference type)
        {
            var element = type.GetElementType();
            while (element.DeclaringType != null) element = element.DeclaringType;
            return element.Scope == null ? "" : element.Scope.Name;
        }

        private void CheckType(TypeReference type)
        {
            var assembly = ScopeOf(type);
            if (_missingAssemblies.Contains(assembly))
            {
                _missingTypes.Add(type.FullName);
                return;
            }
            var useless = Advice.ForAssembly(assembly);
            if (useless != null)
            {
                _missingAssemblies.Add(assembly);
                _missingTypes.Add(type.FullName);
                Add(assembly, "", useless, UserOf(type.FullName));
                return;
            }
            TypeDefinition found = null;
            var here = true;
            try
            {
                found = type.Resolve();
            }
            catch (AssemblyResolutionException failed)
            {
                here = false;
                // A type forwarded to another assembly may be what is missing.
                if (failed.AssemblyReference.Name != assembly) assembly = failed.AssemblyReference.Name;
            }
            catch (BadImageFormatException unusable)
            {
                _missingAssemblies.Add(assembly);
                _missingTypes.Add(type.FullName);
                Add(assembly, "", unusable.Message, UserOf(type.FullName));
                return;
            }
            if (found != null) return;
            _missingTypes.Add(type.FullName);
            if (here)
            {
                Add(assembly, type.FullName, Advice.ForMissing(assembly, true), UserOf(type.FullName));
                return;
            }
            if (!_missingAssemblies.Add(assembly)) return;
            Add(assembly, "", Advice.ForMissing(assembly, false), UserOf(type.FullName));
        }

        private void CheckMember(MemberReference member)
        {
            var declaring = member.DeclaringType;
            if (declaring == null || declaring.IsArray) return;
            var element = declaring.GetElementType();
            if (element is GenericParameter || _missingTypes.Contains(element.FullName)) return;
            var assembly = ScopeOf(declaring);
            IMemberDefinition found = null;
            var lacking = assembly;
            try
            {
                var method = member as MethodReference;
                if (method != null) found = method.Resolve();
                var field = member as FieldReference;
                if (field != null) found = field.Resolve();
            }
            catch (AssemblyResolutionException failed)
            {
                lacking = failed.AssemblyReference.Name;
            }
            catch (BadImageFormatException unusable)
            {
                Add(assembly, member.FullName, unusable.Message, UserOf(member.FullName));
                return;
            }
            if (found == null)
            {
                // Its signature names a type that was reported already.
                if (_missingTypes.Any(t => member.FullName.Contains(t))) return;
                Add(lacking, member.FullName, Advice.ForMissing(lacking, lacking == assembly), UserOf(member.FullName));
                return;
            }
            var advice = Advice.ForMember(element.FullName, member.Name);
            if (advice != null) Add(assembly, member.FullName, advice, UserOf(member.FullName));
        }

        /// <summary>What a script defines itself: calls of Windows libraries, COM types compiled in,
        /// classes that hand a path to a base class which is not mapped.</summary>
        private void CheckOwn(TypeDefinition type)
        {
            if (type.IsImport)
            {
                // One finding for each namespace: there may be dozens of types.
                if (_embedded.Add(type.Namespace ?? "")) Add(type.Namespace ?? "", type.FullName, Advice.ForEmbedded(type.Namespace ?? ""), UserOf(type.FullName));
                return;
            }
            foreach (var method in type.Methods)
            {
                if (method.IsPInvokeImpl)
                {
                    var library = method.PInvokeInfo == null ? "" : method.PInvokeInfo.Module.Name;
                    Add(library, method.FullName, Advice.ForNative(library), "");
                }
                if (!method.IsConstructor || !method.HasBody) continue;
                foreach (var i in method.Body.Instructions)
                {
                    var called = i.Operand as MethodReference;
                    if (i.OpCode.Code != Code.Call || called == null || called.Name != ".ctor") continue;
                    if (_table.MemberFor(called) == null || called.Parameters.Count == 0 || called.Parameters[0].ParameterType.FullName != "System.String") continue;
                    Add(ScopeOf(called.DeclaringType), called.FullName, "a class that derives from it hands it a path, which cannot be mapped there; "
                        + "hand it a stream from System.IO.File", method.FullName);
                }
            }
        }

        /// <summary>The first method of the script that names something.</summary>
        private string UserOf(string name)
        {
            if (_users == null)
            {
                _users = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var type in _module.GetTypes())
                {
                    foreach (var method in type.Methods) Note(method);
                }
            }
            string user;
            return _users.TryGetValue(name, out user) ? user : "";
        }

        private void Note(MethodDefinition method)
        {
            var user = method.DeclaringType.FullName + "." + method.Name;
            foreach (var parameter in method.Parameters) Note(parameter.ParameterType, user);
            Note(method.ReturnType, user);
            if (!method.HasBody) return;
            foreach (var variable in method.Body.Variables) Note(variable.VariableType, user);
            foreach (var instruction in method.Body.Instructions)
            {
                var member = instruction.Operand as MemberReference;
                if (member == null) continue;
                NoteName(member.FullName, user);
                Note(member.DeclaringType, user);
            }
        }

        private void Note(TypeReference type, string user)
        {
            if (type != null) NoteName(type.GetElementType().FullName, user);
        }

        private void NoteName(string name, string user)
        {
            if (!_users.ContainsKey(name)) _users.Add(name, user);
        }
    }
}
