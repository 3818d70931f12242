// Which types and members the rewriter moves: read from the marks in ScriptShim.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Packmule.Script.Rewrite
{
    /// <summary>The moves, read once.</summary>
    internal sealed class MoveTable
    {
        private readonly Dictionary<string, TypeDefinition> _types = new Dictionary<string, TypeDefinition>(StringComparer.Ordinal);
        private readonly Dictionary<string, MethodDefinition> _members = new Dictionary<string, MethodDefinition>(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _original = new Dictionary<string, string>(StringComparer.Ordinal);
        private readonly HashSet<string> _memberTypes = new HashSet<string>(StringComparer.Ordinal);

        /// <summary>The assembly that holds the replacements.</summary>
        public AssemblyDefinition Shim { get; private set; }

        public MoveTable(AssemblyDefinition shim)
        {
            Shim = shim;
            foreach (var type in shim.MainModule.Types)
            {
                foreach (var mark in Marks(type, "StandsForAttribute"))
                {
                    var name = (string)mark.ConstructorArguments[0].Value;
                    _types.Add(name, type);
                    _original.Add(type.FullName, name);
                }
                foreach (var method in type.Methods)
                {
                    foreach (var mark in Marks(method, "ReplacesAttribute")) Add(method, mark);
                }
            }
        }

        private static IEnumerable<CustomAttribute> Marks(ICustomAttributeProvider of, string attribute)
        {
            return of.HasCustomAttributes ? of.CustomAttributes.Where(a => a.AttributeType.Name == attribute) : new CustomAttribute[0];
        }

        private void Add(MethodDefinition method, CustomAttribute mark)
        {
            var type = (string)mark.ConstructorArguments[0].Value;
            var member = (string)mark.ConstructorArguments[1].Value;
            var isStatic = mark.Properties.Any(p => p.Name == "IsStatic" && (bool)p.Argument.Value);
            var parameters = method.Parameters.Select(p => p.ParameterType.FullName);
            if (!isStatic && member != ".ctor") parameters = parameters.Skip(1);
            _members.Add(Key(type, member, isStatic, parameters), method);
            _memberTypes.Add(type);
        }

        private static string Key(string type, string member, bool isStatic, IEnumerable<string> parameters)
        {
            return (isStatic ? "static " : "") + type + "::" + member + "(" + string.Join(",", parameters) + ")";
        }

        /// <summary>The type that stands for one of .NET, or null.</summary>
        public TypeDefinition TypeFor(string fullName)
        {
            TypeDefinition type;
            return _types.TryGetValue(fullName, out type) ? type : null;
        }

        /// <summary>The method that stands for a member of .NET, or null.</summary>
        public MethodDefinition MemberFor(MethodReference method)
        {
            var type = method.DeclaringType.FullName;
            if (!_memberTypes.Contains(type)) return null;
            MethodDefinition found;
            _members.TryGetValue(Key(type, method.Name, !method.HasThis, method.Parameters.Select(p => p.ParameterType.FullName)), out found);
            return found;
        }

        /// <summary>A text in which moved types have the names that the script knows.</summary>
        public string WithOriginalNames(string text)
        {
            if (text.IndexOf("Packmule.Script.", StringComparison.Ordinal) < 0) return text;
            foreach (var pair in _original.OrderByDescending(p => p.Key.Length)) text = text.Replace(pair.Key, pair.Value);
            return text;
        }
    }
}
