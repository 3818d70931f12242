// Interop types that the compiler copied into a script become references to ours again.
//
// With "Embed Interop Types" a C# compiler copies the interfaces of ADODB or of SSIS's wrappers that a
// script uses into its binary, marked with TypeIdentifier ("Type equivalence and embedded interop
// types" at learn.microsoft.com). On Windows the run time takes the copies for the originals; here the
// copies that have a counterpart in our assemblies are replaced by it. What has none stays, and the
// Resolver refuses it.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Packmule.Script.Rewrite
{
    /// <summary>Replaces embedded types in one module.</summary>
    internal sealed class Unembed
    {
        private readonly ModuleDefinition _module;
        private readonly Dictionary<TypeDefinition, TypeReference> _types = new Dictionary<TypeDefinition, TypeReference>();
        private readonly Dictionary<string, MethodReference> _methods = new Dictionary<string, MethodReference>(StringComparer.Ordinal);

        private Unembed(ModuleDefinition module)
        {
            _module = module;
        }

        /// <summary>Replaces what can be; returns the references that were made, to be resolved.</summary>
        public static IEnumerable<MemberReference> Run(ModuleDefinition module, Libraries libraries)
        {
            var work = new Unembed(module);
            work.FindTypes(libraries);
            if (work._types.Count == 0) return new MemberReference[0];
            foreach (var type in work._types.Keys) module.Types.Remove(type);
            foreach (var type in module.GetTypes()) work.Type(type);
            return work._methods.Values;
        }

        private static bool IsEmbedded(TypeDefinition type)
        {
            return type.HasCustomAttributes && type.CustomAttributes.Any(a => a.AttributeType.FullName == "System.Runtime.InteropServices.TypeIdentifierAttribute");
        }

        private void FindTypes(Libraries libraries)
        {
            foreach (var type in _module.Types.Where(IsEmbedded).ToList())
            {
                foreach (var library in libraries.Own)
                {
                    if (library != "ADODB" && !library.StartsWith("Microsoft.SqlServer.", StringComparison.OrdinalIgnoreCase)) continue;
                    var found = libraries.Find(library).MainModule.GetType(type.FullName);
                    if (found == null || !found.IsPublic) continue;
                    _types.Add(type, new TypeReference(type.Namespace, type.Name, _module, Reference(found.Module.Assembly.Name), type.IsValueType));
                    break;
                }
            }
        }

        private AssemblyNameReference Reference(AssemblyNameDefinition name)
        {
            var reference = _module.AssemblyReferences.FirstOrDefault(r => r.Name == name.Name);
            if (reference != null) return reference;
            reference = new AssemblyNameReference(name.Name, name.Version) { PublicKeyToken = name.PublicKeyToken };
            _module.AssemblyReferences.Add(reference);
            return reference;
        }

        private void Type(TypeDefinition type)
        {
            type.BaseType = Map(type.BaseType);
#if CECIL_0_9
            for (var i = 0; i < type.Interfaces.Count; i++) type.Interfaces[i] = Map(type.Interfaces[i]);
#else
            foreach (var implemented in type.Interfaces) implemented.InterfaceType = Map(implemented.InterfaceType);
#endif
            foreach (var field in type.Fields) field.FieldType = Map(field.FieldType);
            foreach (var property in type.Properties) property.PropertyType = Map(property.PropertyType);
            foreach (var e in type.Events) e.EventType = Map(e.EventType);
            foreach (var method in type.Methods) Method(method);
        }

        private void Method(MethodDefinition method)
        {
            method.ReturnType = Map(method.ReturnType);
            foreach (var parameter in method.Parameters) parameter.ParameterType = Map(parameter.ParameterType);
            for (var i = 0; i < method.Overrides.Count; i++) method.Overrides[i] = Map(method.Overrides[i]);
            if (!method.HasBody) return;
            foreach (var variable in method.Body.Variables) variable.VariableType = Map(variable.VariableType);
            foreach (var instruction in method.Body.Instructions)
            {
                var type = instruction.Operand as TypeReference;
                if (type != null) instruction.Operand = Map(type);
                var called = instruction.Operand as MethodReference;
                if (called != null) instruction.Operand = Map(called);
                var field = instruction.Operand as FieldReference;
                if (field != null && !(field is FieldDefinition)) field.FieldType = Map(field.FieldType);
            }
        }

        private TypeReference Map(TypeReference type)
        {
            if (type == null) return null;
            var own = type as TypeDefinition;
            if (own != null)
            {
                TypeReference to;
                return _types.TryGetValue(own, out to) ? to : type;
            }
            var generic = type as GenericInstanceType;
            if (generic != null)
            {
                for (var i = 0; i < generic.GenericArguments.Count; i++) generic.GenericArguments[i] = Map(generic.GenericArguments[i]);
                return type;
            }
            var array = type as ArrayType;
            if (array != null)
            {
                var element = Map(array.ElementType);
                return element == array.ElementType ? type : new ArrayType(element, array.Rank);
            }
            var byReference = type as ByReferenceType;
            if (byReference != null)
            {
                var element = Map(byReference.ElementType);
                return element == byReference.ElementType ? type : new ByReferenceType(element);
            }
            return type;
        }

        private MethodReference Map(MethodReference method)
        {
            var generic = method as GenericInstanceMethod;
            if (generic != null)
            {
                for (var i = 0; i < generic.GenericArguments.Count; i++) generic.GenericArguments[i] = Map(generic.GenericArguments[i]);
                Map(generic.ElementMethod);
                return method;
            }
            if (!(method is MethodDefinition))
            {
                Map(method.DeclaringType);
                method.ReturnType = Map(method.ReturnType);
                foreach (var parameter in method.Parameters) parameter.ParameterType = Map(parameter.ParameterType);
                return method;
            }
            var declaring = Map(method.DeclaringType);
            if (declaring == method.DeclaringType) return method;
            MethodReference made;
            if (_methods.TryGetValue(method.FullName, out made)) return made;
            made = new MethodReference(method.Name, Map(method.ReturnType), declaring) { HasThis = method.HasThis };
            foreach (var parameter in method.Parameters) made.Parameters.Add(new ParameterDefinition(Map(parameter.ParameterType)));
            _methods.Add(method.FullName, made);
            return made;
        }
    }
}
