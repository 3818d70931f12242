// Script components of SSIS 2005, which derive from the other build of TxScript. Its types have the
// same names as the newer ones, so this file names them by an extern alias.

extern alias old;

using System.Linq;
using Microsoft.SqlServer.Dts.Pipeline;
using OldComponent = old::Microsoft.SqlServer.Dts.Pipeline.ScriptComponent;
using OldNames = old::Microsoft.SqlServer.Dts.Pipeline.OutputNameMap;

namespace Packmule.ScriptHost
{
    /// <summary>A component of 2005.</summary>
    internal sealed class Component2005 : IComponentCode
    {
        private readonly OldComponent _component;
        private readonly OldNames _names = new OldNames();

        private Component2005(OldComponent component, ComponentRun run)
        {
            _component = component;
            foreach (var output in run.Outputs) _names.Add(output.Name, output.Id);
        }

        internal static IComponentCode Make(LoadedScript script, ComponentRun run)
        {
            OldComponent.Prepare(run);
            try
            {
                var component = ComponentCode.Create(script) as OldComponent;
                if (component == null) throw new MismatchException("The class " + script.EntryType.FullName + " is not a script component.");
                return new Component2005(component, run);
            }
            finally
            {
                OldComponent.Prepare(null);
            }
        }

        public void AcquireConnections() { _component.AcquireConnections(null); }
        public void PreExecute() { _component.PreExecute(); }
        public void PrimeOutput(int[] ids, PipelineBuffer[] buffers, OutputNameMap names) { _component.PrimeOutput(ids.Length, ids, buffers, _names); }
        public void ProcessInput(int id, string name, PipelineBuffer buffer, OutputNameMap names) { _component.ProcessInput(id, name, buffer, _names); }
        public void PostExecute() { _component.PostExecute(); }
        public void ReleaseConnections() { _component.ReleaseConnections(); }
    }
}
