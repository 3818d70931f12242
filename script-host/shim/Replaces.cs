// Marks what the rewriter reads from this assembly: which types stand for which, and which static
// methods stand for single members of types that stay.

using System;

namespace Packmule.Script
{
    /// <summary>On a type: references of scripts to the named type are moved to this one.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface | AttributeTargets.Delegate)]
    public sealed class StandsForAttribute : Attribute
    {
        /// <summary>Full name of the type that scripts name.</summary>
        public string TypeName { get; private set; }

        /// <summary>Marks a type.</summary>
        public StandsForAttribute(string typeName)
        {
            TypeName = typeName;
        }
    }

    /// <summary>On a static method: calls of the named member are redirected to it. An instance
    /// method's object is its first parameter; for ".ctor" it returns the new object.</summary>
    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class ReplacesAttribute : Attribute
    {
        /// <summary>Full name of the declaring type.</summary>
        public string TypeName { get; private set; }

        /// <summary>Name of the member; ".ctor" for a constructor.</summary>
        public string Member { get; private set; }

        /// <summary>Whether the member is static.</summary>
        public bool IsStatic { get; set; }

        /// <summary>Marks a method.</summary>
        public ReplacesAttribute(string typeName, string member)
        {
            TypeName = typeName;
            Member = member;
        }
    }
}
