// The script's class behind one interface, whichever build of TxScript it derives from; and the
// check that its generated classes fit the metadata.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Microsoft.SqlServer.Dts.Pipeline;

namespace Packmule.ScriptHost
{
    /// <summary>What the runner calls.</summary>
    internal interface IComponentCode
    {
        void AcquireConnections();
        void PreExecute();
        void PrimeOutput(int[] ids, PipelineBuffer[] buffers, OutputNameMap names);
        void ProcessInput(int id, string name, PipelineBuffer buffer, OutputNameMap names);
        void PostExecute();
        void ReleaseConnections();
    }

    /// <summary>Makes it.</summary>
    internal static class ComponentCode
    {
        internal static IComponentCode Make(LoadedScript script, ComponentRun run)
        {
            return script.Is2005 ? Component2005.Make(script, run) : new Component2008(script, run);
        }

        internal static object Create(LoadedScript script)
        {
            try
            {
                return Activator.CreateInstance(script.EntryType, true);
            }
            catch (TargetInvocationException e)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.InnerException ?? e).Throw();
                throw;
            }
        }
    }

    /// <summary>2008 and later.</summary>
    internal sealed class Component2008 : IComponentCode
    {
        private readonly ScriptComponent _component;

        internal Component2008(LoadedScript script, ComponentRun run)
        {
            ScriptComponent.Prepare(run);
            try
            {
                var made = ComponentCode.Create(script);
                _component = made as ScriptComponent;
                if (_component == null) throw new MismatchException("The class " + script.EntryType.FullName + " is not a script component.");
            }
            finally
            {
                ScriptComponent.Prepare(null);
            }
        }

        public void AcquireConnections() { _component.AcquireConnections(null); }
        public void PreExecute() { _component.PreExecute(); }
        public void PrimeOutput(int[] ids, PipelineBuffer[] buffers, OutputNameMap names) { _component.PrimeOutput(ids.Length, ids, buffers, names); }
        public void ProcessInput(int id, string name, PipelineBuffer buffer, OutputNameMap names) { _component.ProcessInput(id, name, buffer, names); }
        public void PostExecute() { _component.PostExecute(); }
        public void ReleaseConnections() { _component.ReleaseConnections(); }
    }

    /// <summary>The generated classes of a component must fit its metadata: SSIS fails a component whose
    /// columns changed after the script was compiled. SSIS compares check sums whose algorithm is not
    /// public; the names of the classes' properties say the same.</summary>
    internal static class WrapperGuard
    {
        internal static void Check(ComponentRun run, Assembly assembly)
        {
            var types = assembly.GetTypes();
            foreach (var input in run.Inputs) CheckClass(types, "input", input.Name, run.LayoutOf(input));
            foreach (var output in run.Outputs)
            {
                if (output.Synchronous < 0) CheckClass(types, "output", output.Name, output.Columns);
            }
        }

        private static void CheckClass(Type[] types, string kind, string name, List<ColumnInfo> columns)
        {
            var className = Sanitize(name) + "Buffer";
            var found = types.FirstOrDefault(t => t.Name == className && Derives(t));
            if (found == null)
            {
                throw new MismatchException("The script has no class " + className + " for the " + kind + " \"" + name
                    + "\": the component's metadata changed after the script was compiled. Open and save the script in the designer.");
            }
            var wanted = columns.Select(c => Sanitize(c.Name)).ToList();
            var there = PropertiesOf(found);
            // Equal names get a number in the designer, by a rule that is not documented: then only the count is compared.
            var unclear = wanted.Distinct(StringComparer.OrdinalIgnoreCase).Count() != wanted.Count;
            var fits = unclear ? wanted.Count == there.Count : wanted.SequenceEqual(there, StringComparer.OrdinalIgnoreCase);
            if (fits)
            {
                if (!unclear) CheckTypes(found, kind, name, columns, there);
                return;
            }
            throw new MismatchException("The columns of the " + kind + " \"" + name + "\" changed after the script was compiled: the script's class "
                + className + " has " + Describe(there) + ", the component " + Describe(wanted) + ". Open and save the script in the designer.");
        }

        private static void CheckTypes(Type type, string kind, string name, List<ColumnInfo> columns, List<string> properties)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var property = type.GetProperty(properties[i], BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).PropertyType;
                var blob = columns[i].Type.Storage == Storage.Blob;
                var clr = columns[i].Type.ClrType;
                if (blob ? property == typeof(BlobColumn) : property == clr || property == typeof(object) || (IsTime(property) && IsTime(clr))) continue;
                throw new MismatchException("The column \"" + columns[i].Name + "\" of the " + kind + " \"" + name + "\" changed after the script was compiled: the script takes it for "
                    + property.Name + ", its type is " + columns[i].Type.Name + ". Open and save the script in the designer.");
            }
        }

        private static bool IsTime(Type type)
        {
            return type == typeof(DateTime) || type == typeof(TimeSpan) || type == typeof(DateTimeOffset);
        }

        private static bool Derives(Type type)
        {
            for (var t = type.BaseType; t != null; t = t.BaseType)
            {
                if (t.FullName == "Microsoft.SqlServer.Dts.Pipeline.ScriptBuffer") return true;
            }
            return false;
        }

        private static List<string> PropertiesOf(Type type)
        {
            var all = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .OrderBy(p => p.MetadataToken).ToList();
            var names = new HashSet<string>(all.Select(p => p.Name));
            // Every column X has a second property X_IsNull, except large objects in old designers.
            return all.Select(p => p.Name).Where(n => !(n.EndsWith("_IsNull", StringComparison.Ordinal) && names.Contains(n.Substring(0, n.Length - 7)))).ToList();
        }

        private static string Describe(List<string> names)
        {
            const int most = 20;
            var text = string.Join(", ", names.Take(most));
            return names.Count + " columns" + (names.Count == 0 ? "" : " (" + text + (names.Count > most ? ", …" : "") + ")");
        }

        /// <summary>A name as the designer makes an identifier of it: only letters and digits stay, leading
        /// digits go.</summary>
        internal static string Sanitize(string name)
        {
            var text = new StringBuilder();
            foreach (var c in name)
            {
                if (char.IsLetter(c) || (char.IsDigit(c) && text.Length > 0)) text.Append(c);
            }
            return text.ToString();
        }
    }
}
