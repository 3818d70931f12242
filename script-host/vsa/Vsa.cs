// Microsoft.Vsa 8.0: what scripts of SSIS 2005 name of Visual Studio for Applications.
//
// Documented at learn.microsoft.com, Microsoft.Vsa (.NET Framework 2.0 to 4.8, obsolete there).
// The generated code of such a script implements a start-up class that asks its site for "Dts".

using System;
using System.Reflection;

[assembly: AssemblyVersion("8.0.0.0")]

namespace Microsoft.Vsa
{
    /// <summary>What a script's generated start-up class asks for its global objects.</summary>
    public interface IVsaSite
    {
        /// <summary>The compiled form of the script; not used at run time.</summary>
        void GetCompiledState(out byte[] pe, out byte[] debugInfo);

        /// <summary>The object of an event source.</summary>
        object GetEventSourceInstance(string itemName, string eventSourceName);

        /// <summary>A global object, for SSIS "Dts".</summary>
        object GetGlobalInstance(string name);

        /// <summary>Reports that a script's compilation found an error; not used at run time.</summary>
        void Notify(string notify, object info);

        /// <summary>Reports an error of the compiler; not used at run time.</summary>
        bool OnCompilerError(IVsaError error);
    }

    /// <summary>An error of the compiler.</summary>
    public interface IVsaError
    {
        /// <summary>What is wrong.</summary>
        string Description { get; }

        /// <summary>First column.</summary>
        int StartColumn { get; }

        /// <summary>Last column.</summary>
        int EndColumn { get; }

        /// <summary>Line.</summary>
        int Line { get; }

        /// <summary>The line's text.</summary>
        string LineText { get; }

        /// <summary>Error number.</summary>
        int Number { get; }

        /// <summary>Severity.</summary>
        int Severity { get; }

        /// <summary>The source file's moniker.</summary>
        string SourceMoniker { get; }
    }

    /// <summary>Marks a class or assembly as generated for scripts.</summary>
    [AttributeUsage(AttributeTargets.All)]
    public sealed class VsaModule : Attribute
    {
        /// <summary>Marks it.</summary>
        public VsaModule(bool bIsVsaModule)
        {
            IsVsaModule = bIsVsaModule;
        }

        /// <summary>Whether it was generated for scripts.</summary>
        public bool IsVsaModule { get; set; }
    }

    /// <summary>The start-up class that the designer generates derives from it.</summary>
    public abstract class BaseVsaStartup
    {
        /// <summary>The site that was set.</summary>
        protected IVsaSite site;

        /// <summary>Gives the site.</summary>
        public void SetSite(IVsaSite site)
        {
            this.site = site;
        }

        /// <summary>Asks the site for the global objects.</summary>
        public abstract void Startup();

        /// <summary>Lets go of the global objects.</summary>
        public abstract void Shutdown();
    }
}
