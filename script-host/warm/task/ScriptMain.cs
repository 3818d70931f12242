// A script task like those of packages. The host runs it once while it waits, so that the first
// script of a package finds everything compiled.

using Microsoft.SqlServer.Dts.Runtime;

namespace WarmUp
{
    /// <summary>Reads and writes variables of the usual types.</summary>
    [Microsoft.SqlServer.Dts.Tasks.ScriptTask.SSISScriptTaskEntryPointAttribute]
    public class ScriptMain : Microsoft.SqlServer.Dts.Tasks.ScriptTask.VSTARTScriptObjectModelBase
    {
        /// <summary>The entry point.</summary>
        public void Main()
        {
            var text = Dts.Variables["User::Text"].Value.ToString();
            var number = (int)Dts.Variables["Number"].Value;
            Dts.Variables["Out"].Value = text + number;
            Dts.Variables["Time"].Value = System.DateTime.Now;
            foreach (ConnectionManager connection in Dts.Connections) text += connection.Name;
            Dts.TaskResult = (int)DTSExecResult.Success;
        }
    }
}
