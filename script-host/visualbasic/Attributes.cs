// Attributes that the Visual Basic compiler writes, and the assembly's identity.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic and its CompilerServices.

using System;
using System.ComponentModel;
using System.Reflection;

[assembly: AssemblyVersion("10.0.0.0")]
[assembly: AssemblyTitle("Microsoft.VisualBasic")]

namespace Microsoft.VisualBasic
{
    /// <summary>A module whose name need not be written.</summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public sealed class HideModuleNameAttribute : Attribute
    {
    }

    /// <summary>Collects the default instances of classes in the My namespace; only carried.</summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public sealed class MyGroupCollectionAttribute : Attribute
    {
        /// <summary>Which classes, and what makes and disposes of them.</summary>
        public MyGroupCollectionAttribute(string typeToCollect, string createInstanceMethodName, string disposeInstanceMethodName, string defaultInstanceAlias)
        {
            MyGroupName = typeToCollect;
            CreateMethod = createInstanceMethodName;
            DisposeMethod = disposeInstanceMethodName;
            DefaultInstanceAlias = defaultInstanceAlias;
        }

        /// <summary>The base class of those collected.</summary>
        public string MyGroupName { get; private set; }

        /// <summary>Makes one.</summary>
        public string CreateMethod { get; private set; }

        /// <summary>Disposes of one.</summary>
        public string DisposeMethod { get; private set; }

        /// <summary>The property of the default instance.</summary>
        public string DefaultInstanceAlias { get; private set; }
    }

    /// <summary>Marks a class as visible to COM; only carried.</summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    public sealed class ComClassAttribute : Attribute
    {
        /// <summary>Without identifiers.</summary>
        public ComClassAttribute()
        {
        }

        /// <summary>With the class's identifier.</summary>
        public ComClassAttribute(string classId)
            : this(classId, null, null)
        {
        }

        /// <summary>With the identifiers of class and interface.</summary>
        public ComClassAttribute(string classId, string interfaceId)
            : this(classId, interfaceId, null)
        {
        }

        /// <summary>With the identifiers of class, interface and events.</summary>
        public ComClassAttribute(string classId, string interfaceId, string eventId)
        {
            ClassID = classId;
            InterfaceID = interfaceId;
            EventID = eventId;
        }

        /// <summary>The class's identifier.</summary>
        public string ClassID { get; private set; }

        /// <summary>The interface's identifier.</summary>
        public string InterfaceID { get; private set; }

        /// <summary>The events' identifier.</summary>
        public string EventID { get; private set; }

        /// <summary>Whether the interface hides that of the base class.</summary>
        public bool InterfaceShadows { get; set; }
    }

    /// <summary>An array of fixed bounds in a structure for FilePut and FileGet.</summary>
    [AttributeUsage(AttributeTargets.Field, Inherited = false)]
    public sealed class VBFixedArrayAttribute : Attribute
    {
        private readonly int[] _upper;

        /// <summary>One dimension.</summary>
        public VBFixedArrayAttribute(int upperBound1)
        {
            if (upperBound1 < 0) throw new ArgumentException("Argument 'UpperBound1' is not a valid value.");
            _upper = new[] { upperBound1 };
        }

        /// <summary>Two dimensions.</summary>
        public VBFixedArrayAttribute(int upperBound1, int upperBound2)
        {
            if (upperBound1 < 0 || upperBound2 < 0) throw new ArgumentException("Argument 'UpperBound1' is not a valid value.");
            _upper = new[] { upperBound1, upperBound2 };
        }

        /// <summary>The upper bounds.</summary>
        public int[] Bounds
        {
            get { return _upper; }
        }

        /// <summary>Number of elements.</summary>
        public int Length
        {
            get
            {
                long length = 1;
                foreach (var bound in _upper) length *= bound + 1L;
                return checked((int)length);
            }
        }
    }

    /// <summary>A string of fixed length in a structure for FilePut and FileGet.</summary>
    [AttributeUsage(AttributeTargets.Field, Inherited = false)]
    public sealed class VBFixedStringAttribute : Attribute
    {
        /// <summary>Its length, 1 to 32767.</summary>
        public VBFixedStringAttribute(int length)
        {
            if (length < 1 || length > 32767) throw new ArgumentException("Argument 'Length' is not a valid value.");
            Length = length;
        }

        /// <summary>Its length.</summary>
        public int Length { get; private set; }
    }
}

namespace Microsoft.VisualBasic.CompilerServices
{
    /// <summary>Marks a class as a module of Visual Basic.</summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class StandardModuleAttribute : Attribute
    {
    }

    /// <summary>Marks a class as made by a designer.</summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class DesignerGeneratedAttribute : Attribute
    {
    }

    /// <summary>A parameter that gets the module's way to compare texts.</summary>
    [AttributeUsage(AttributeTargets.Parameter, Inherited = false)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class OptionCompareAttribute : Attribute
    {
    }

    /// <summary>A class compiled with Option Compare Text.</summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class OptionTextAttribute : Attribute
    {
    }

    /// <summary>The state of a static local variable's initialisation.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class StaticLocalInitFlag
    {
        /// <summary>0 = not begun, 1 = done, 2 = under way.</summary>
        public short State;
    }

    /// <summary>The initialisation of a static local variable needs itself.</summary>
    [Serializable]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class IncompleteInitialization : Exception
    {
        /// <summary>Without a message.</summary>
        public IncompleteInitialization()
        {
        }

        /// <summary>With a message.</summary>
        public IncompleteInitialization(string message)
            : base(message)
        {
        }

        /// <summary>With a message and a cause.</summary>
        public IncompleteInitialization(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}
