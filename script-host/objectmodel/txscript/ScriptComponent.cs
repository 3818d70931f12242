// Microsoft.SqlServer.TxScript: the base of script components.
//
// Documented at learn.microsoft.com, namespace Microsoft.SqlServer.Dts.Pipeline. Built twice: for
// SSIS 2005 (symbol SSIS2005) ComponentMetaData and the variables have the interfaces of that time;
// the host moves the references of such scripts to that build, Microsoft.SqlServer.TxScript.90.

using System;
using System.Collections.Generic;
using Microsoft.SqlServer.Dts.Pipeline.Wrapper;
using Microsoft.SqlServer.Dts.Runtime.Wrapper;
using Packmule.ScriptHost;
#if SSIS2005
using MetaData = Microsoft.SqlServer.Dts.Pipeline.Wrapper.IDTSComponentMetaData90;
using VariableCollection = Microsoft.SqlServer.Dts.Runtime.Wrapper.IDTSVariables90;
using Dispenser = Microsoft.SqlServer.Dts.Runtime.Wrapper.IDTSVariableDispenser90;
using Context = Microsoft.SqlServer.Dts.Runtime.Wrapper.IDTSEvaluatorContext90;
#else
using MetaData = Microsoft.SqlServer.Dts.Pipeline.Wrapper.IDTSComponentMetaData100;
using VariableCollection = Microsoft.SqlServer.Dts.Runtime.Wrapper.IDTSVariables100;
using Dispenser = Microsoft.SqlServer.Dts.Runtime.Wrapper.IDTSVariableDispenser100;
using Context = Microsoft.SqlServer.Dts.Runtime.Wrapper.IDTSEvaluatorContext100;
#endif

namespace Microsoft.SqlServer.Dts.Pipeline
{
    /// <summary>Marks the class that the component runs (2012 and later).</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class SSISScriptComponentEntryPointAttribute : Attribute
    {
    }

    /// <summary>Ids of outputs by name; opaque to scripts.</summary>
    public class OutputNameMap
    {
        private readonly Dictionary<string, int> _ids = new Dictionary<string, int>(StringComparer.Ordinal);

        /// <summary>For the host: adds an output.</summary>
        public void Add(string name, int id)
        {
            _ids[name] = id;
        }

        internal int Find(string name)
        {
            int id;
            if (name != null && _ids.TryGetValue(name, out id)) return id;
            throw new ArgumentException("The component has no output \"" + name + "\": its metadata changed after the script was compiled.");
        }
    }

    /// <summary>Base of UserComponent, the class that the designer generates. Documented: class ScriptComponent.
    /// AcquireConnections, PreExecute, PrimeOutput, ProcessInput for each buffer, PostExecute and
    /// ReleaseConnections are called in this order, once (ProcessInput as often as needed).</summary>
    public class ScriptComponent
    {
        [ThreadStatic]
        private static ComponentRun _pending;

        private readonly ComponentRun _run;
        private readonly HostedMetaData _metaData;
        private readonly HostedVariables _readOnly;
        private readonly HostedDispenser _dispenser;

        /// <summary>Takes the component that the host prepared for this thread.</summary>
        public ScriptComponent()
        {
            _run = _pending;
            if (_run == null) throw new InvalidOperationException("A script component is made by the host only.");
            _metaData = new HostedMetaData(_run);
            _readOnly = new HostedVariables(_run.Variables);
            _dispenser = new HostedDispenser(_run);
        }

        /// <summary>For the host: what the next component of this thread gets; null afterwards.</summary>
        public static void Prepare(ComponentRun run)
        {
            _pending = run;
        }

        /// <summary>Argument of GetValueWithContext.</summary>
        /// <remarks>Has no effect.</remarks>
        public class ScriptComponentEvalContext : IDTSEvaluatorContext100, IDTSEvaluatorContext90
        {
        }

        private static readonly ScriptComponentEvalContext TheContext = new ScriptComponentEvalContext();

        /// <summary>Argument of GetValueWithContext.</summary>
        public static ScriptComponentEvalContext EvaluatorContext { get { return TheContext; } }

        /// <summary>The component: events, connections, error descriptions, columns.</summary>
        public MetaData ComponentMetaData { get { return _metaData; } }

        /// <summary>The variables of the read list, locked while the component runs.</summary>
        public VariableCollection ReadOnlyVariables { get { return _readOnly; } }

        /// <summary>The variables of the read/write list; only while PostExecute runs, elsewhere it throws.</summary>
        public VariableCollection ReadWriteVariables
        {
            get
            {
                var held = _run.WriteVariables;
                if (held == null) throw new InvalidOperationException("The collection of variables locked for read and write access is not available outside of PostExecute.");
                return new HostedVariables(held);
            }
        }

        /// <summary>Locks variables that are not in the lists, at any time.</summary>
        public Dispenser VariableDispenser { get { return _dispenser; } }

        /// <summary>Writes a log entry ScriptComponentLogEntry, if logging has it on.</summary>
        public void Log(string messageText, int dataCode, byte[] dataBytes)
        {
            _run.Log(messageText, dataCode, dataBytes);
        }

        /// <summary>Positions in the buffer of the columns of an input or output, in the order of the generated
        /// class: an input's own columns, then those of its synchronous outputs.</summary>
        public int[] GetColumnIndexes(int ioID)
        {
            return _run.ColumnIndexes(ioID);
        }

        /// <summary>Id of an output by its name.</summary>
        public static int GetOutputID(OutputNameMap outputMap, string outputName)
        {
            return outputMap.Find(outputName);
        }

        /// <summary>Called first. The transaction is null.</summary>
        public virtual void AcquireConnections(object transaction) { }
        /// <summary>Called last.</summary>
        public virtual void ReleaseConnections() { }
        /// <summary>Called before any row.</summary>
        public virtual void PreExecute() { }
        /// <summary>Called after all rows; variables may be written in it.</summary>
        public virtual void PostExecute() { }

        /// <summary>Called for each buffer of an input (2005, 2008).</summary>
        public virtual void ProcessInput(int inputID, PipelineBuffer buffer) { }

        /// <summary>Called for each buffer of an input (2012 and later).</summary>
        public virtual void ProcessInput(int inputID, string inputName, PipelineBuffer buffer, OutputNameMap outputMap)
        {
            ProcessInput(inputID, buffer);
        }

        /// <summary>Called once with the buffers of the asynchronous outputs (2005, 2008).</summary>
        public virtual void PrimeOutput(int outputs, int[] outputIDs, PipelineBuffer[] buffers) { }

        /// <summary>Called once with the buffers of the asynchronous outputs (2012 and later).</summary>
        public virtual void PrimeOutput(int outputs, int[] outputIDs, PipelineBuffer[] buffers, OutputNameMap outputMap)
        {
            PrimeOutput(outputs, outputIDs, buffers);
        }
    }

    /// <summary>Base of the generated buffer classes. Documented: class ScriptBuffer. Columns are numbered as the
    /// properties of the generated class.</summary>
    public class ScriptBuffer
    {
        /// <summary>The rows.</summary>
        protected PipelineBuffer Buffer;
        /// <summary>Index in the buffer of each column.</summary>
        protected int[] BufferColumnIndexes;

        private readonly OutputNameMap _outputs;

        /// <summary>For classes of 2005 and 2008.</summary>
        public ScriptBuffer(PipelineBuffer buffer, int[] bufferColumnIndexes)
        {
            Buffer = buffer;
            BufferColumnIndexes = bufferColumnIndexes;
        }

        /// <summary>For classes of 2012 and later.</summary>
        public ScriptBuffer(PipelineBuffer buffer, int[] bufferColumnIndexes, OutputNameMap outputMap)
            : this(buffer, bufferColumnIndexes)
        {
            _outputs = outputMap;
        }

        /// <summary>The value of a column; null is NULL.</summary>
        protected object this[int columnIndex]
        {
            get { return Buffer[BufferColumnIndexes[columnIndex]]; }
            set { Buffer[BufferColumnIndexes[columnIndex]] = value; }
        }

        /// <summary>Whether the value is NULL.</summary>
        protected bool IsNull(int columnIndex) { return Buffer.IsNull(BufferColumnIndexes[columnIndex]); }
        /// <summary>Sets the value to NULL.</summary>
        protected void SetNull(int columnIndex) { Buffer.SetNull(BufferColumnIndexes[columnIndex]); }
        /// <summary>Goes to the next row; false after the last.</summary>
        public bool NextRow() { return Buffer.NextRow(); }
        /// <summary>Whether this is the last buffer.</summary>
        public bool EndOfRowset() { return Buffer.EndOfRowset; }
        /// <summary>Adds a row to an output.</summary>
        public void AddRow() { Buffer.AddRow(); }
        /// <summary>Says that no more rows come.</summary>
        public void SetEndOfRowset() { Buffer.SetEndOfRowset(); }
        /// <summary>Sends the row to an output by name (2012 and later).</summary>
        protected void DirectRow(string outputName) { Buffer.DirectRow(ScriptComponent.GetOutputID(_outputs, outputName)); }
        /// <summary>Sends the row to an output by id (2005, 2008).</summary>
        protected void DirectRow(int outputID) { Buffer.DirectRow(outputID); }
    }
}
