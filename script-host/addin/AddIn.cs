// System.AddIn: the attribute that marks the script class of SSIS 2008 (Mono has no such assembly).
//
// Documented at learn.microsoft.com, System.AddIn.AddInAttribute (.NET Framework 3.5 to 4.8).

using System;
using System.Reflection;

[assembly: AssemblyVersion("4.0.0.0")]

namespace System.AddIn
{
    /// <summary>Marks a class as an add-in. SSIS 2008 finds the script by its name; the attribute is
    /// only carried.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class AddInAttribute : Attribute
    {
        /// <summary>Marks a class with a name for people.</summary>
        public AddInAttribute(string name)
        {
            if (string.IsNullOrEmpty(name)) throw new ArgumentNullException("name");
            Name = name;
        }

        /// <summary>The name for people.</summary>
        public string Name { get; private set; }

        /// <summary>Who made it.</summary>
        public string Publisher { get; set; }

        /// <summary>Its version.</summary>
        public string Version { get; set; }

        /// <summary>What it does.</summary>
        public string Description { get; set; }
    }
}
