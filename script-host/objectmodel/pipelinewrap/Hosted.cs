// The host's side of the interfaces: thin layers over ComponentRun. Scripts see only the interfaces.

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.SqlServer.Dts.Runtime.Wrapper;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Pipeline.Wrapper
{
    /// <summary>A collection of the host: elements by position, name and id.</summary>
    public abstract class HostedCollection<T> : IEnumerable
    {
        private readonly ScriptRun _run;
        private readonly List<T> _elements;

        /// <summary>Made by the host.</summary>
        protected HostedCollection(ScriptRun run, IEnumerable<T> elements)
        {
            _run = run;
            _elements = new List<T>(elements);
        }

        /// <summary>Id of an element.</summary>
        protected abstract int IdOf(T element);
        /// <summary>Name of an element.</summary>
        protected abstract string NameOf(T element);

        private T Missing()
        {
            throw _run.Fail(Codes.ElementNotFound, Codes.ElementNotFoundText);
        }

        /// <summary>By name or position.</summary>
        protected T Get(object index)
        {
            var name = index as string;
            if (name != null) return GetByName(name);
            var at = Convert.ToInt64(index, CultureInfo.InvariantCulture);
            return at >= 0 && at < _elements.Count ? _elements[(int)at] : Missing();
        }

        /// <summary>By name.</summary>
        protected T GetByName(string name)
        {
            foreach (var element in _elements)
            {
                if (NameOf(element) == name) return element;
            }
            return Missing();
        }

        /// <summary>By id.</summary>
        protected T GetById(int id)
        {
            return _elements[GetObjectIndexByID(id)];
        }

        /// <summary>Those for which something holds; the first.</summary>
        protected T First(Predicate<T> holds)
        {
            foreach (var element in _elements)
            {
                if (holds(element)) return element;
            }
            return Missing();
        }

        /// <summary>Number of elements.</summary>
        public int Count { get { return _elements.Count; } }

        /// <summary>Position of an id.</summary>
        public int GetObjectIndexByID(int lID)
        {
            for (var i = 0; i < _elements.Count; i++)
            {
                if (IdOf(_elements[i]) == lID) return i;
            }
            Missing();
            return -1;
        }

        /// <summary>The elements one by one.</summary>
        public IEnumerator GetEnumerator() { return _elements.GetEnumerator(); }
    }


    /// <summary>IDTSInputCollections of the host.</summary>
    public sealed class HostedInputs : HostedCollection<HostedInput>, IDTSInputCollection100, IDTSInputCollection90
    {
        /// <summary>Made by the host.</summary>
        public HostedInputs(ScriptRun run, IEnumerable<HostedInput> elements) : base(run, elements)
        {
        }

        /// <inheritdoc/>
        protected override int IdOf(HostedInput element) { return element.ID; }
        /// <inheritdoc/>
        protected override string NameOf(HostedInput element) { return element.Name; }
        IDTSInput100 IDTSInputCollection100.this[object Index] { get { return Get(Index); } }
        IDTSInput90 IDTSInputCollection90.this[object Index] { get { return Get(Index); } }
        IDTSInput100 IDTSInputCollection100.GetObjectByID(int lID) { return GetById(lID); }
        IDTSInput90 IDTSInputCollection90.GetObjectByID(int lID) { return GetById(lID); }
    }

    /// <summary>IDTSInputColumnCollections of the host.</summary>
    public sealed class HostedInputColumns : HostedCollection<HostedColumn>, IDTSInputColumnCollection100, IDTSInputColumnCollection90
    {
        /// <summary>Made by the host.</summary>
        public HostedInputColumns(ScriptRun run, IEnumerable<HostedColumn> elements) : base(run, elements)
        {
        }

        /// <inheritdoc/>
        protected override int IdOf(HostedColumn element) { return element.ID; }
        /// <inheritdoc/>
        protected override string NameOf(HostedColumn element) { return element.Name; }
        IDTSInputColumn100 IDTSInputColumnCollection100.this[object Index] { get { return Get(Index); } }
        IDTSInputColumn90 IDTSInputColumnCollection90.this[object Index] { get { return Get(Index); } }
        IDTSInputColumn100 IDTSInputColumnCollection100.GetObjectByID(int lID) { return GetById(lID); }
        IDTSInputColumn90 IDTSInputColumnCollection90.GetObjectByID(int lID) { return GetById(lID); }
        IDTSInputColumn100 IDTSInputColumnCollection100.GetInputColumnByLineageID(int lLineageID) { return First(c => c.LineageID == lLineageID); }
        IDTSInputColumn100 IDTSInputColumnCollection100.GetInputColumnByName(string bstrComponentName, string bstrName) { return GetByName(bstrName); }
        IDTSInputColumn90 IDTSInputColumnCollection90.GetInputColumnByLineageID(int lLineageID) { return First(c => c.LineageID == lLineageID); }
        IDTSInputColumn90 IDTSInputColumnCollection90.GetInputColumnByName(string bstrComponentName, string bstrName) { return GetByName(bstrName); }
    }

    /// <summary>IDTSOutputCollections of the host.</summary>
    public sealed class HostedOutputs : HostedCollection<HostedOutput>, IDTSOutputCollection100, IDTSOutputCollection90
    {
        /// <summary>Made by the host.</summary>
        public HostedOutputs(ScriptRun run, IEnumerable<HostedOutput> elements) : base(run, elements)
        {
        }

        /// <inheritdoc/>
        protected override int IdOf(HostedOutput element) { return element.ID; }
        /// <inheritdoc/>
        protected override string NameOf(HostedOutput element) { return element.Name; }
        IDTSOutput100 IDTSOutputCollection100.this[object Index] { get { return Get(Index); } }
        IDTSOutput90 IDTSOutputCollection90.this[object Index] { get { return Get(Index); } }
        IDTSOutput100 IDTSOutputCollection100.GetObjectByID(int lID) { return GetById(lID); }
        IDTSOutput90 IDTSOutputCollection90.GetObjectByID(int lID) { return GetById(lID); }
    }

    /// <summary>IDTSOutputColumnCollections of the host.</summary>
    public sealed class HostedOutputColumns : HostedCollection<HostedColumn>, IDTSOutputColumnCollection100, IDTSOutputColumnCollection90
    {
        /// <summary>Made by the host.</summary>
        public HostedOutputColumns(ScriptRun run, IEnumerable<HostedColumn> elements) : base(run, elements)
        {
        }

        /// <inheritdoc/>
        protected override int IdOf(HostedColumn element) { return element.ID; }
        /// <inheritdoc/>
        protected override string NameOf(HostedColumn element) { return element.Name; }
        IDTSOutputColumn100 IDTSOutputColumnCollection100.this[object Index] { get { return Get(Index); } }
        IDTSOutputColumn90 IDTSOutputColumnCollection90.this[object Index] { get { return Get(Index); } }
        IDTSOutputColumn100 IDTSOutputColumnCollection100.GetObjectByID(int lID) { return GetById(lID); }
        IDTSOutputColumn90 IDTSOutputColumnCollection90.GetObjectByID(int lID) { return GetById(lID); }
    }

    /// <summary>IDTSRuntimeConnectionCollections of the host.</summary>
    public sealed class HostedRuntimeConnections : HostedCollection<HostedRuntimeConnection>, IDTSRuntimeConnectionCollection100, IDTSRuntimeConnectionCollection90
    {
        /// <summary>Made by the host.</summary>
        public HostedRuntimeConnections(ScriptRun run, IEnumerable<HostedRuntimeConnection> elements) : base(run, elements)
        {
        }

        /// <inheritdoc/>
        protected override int IdOf(HostedRuntimeConnection element) { return element.ID; }
        /// <inheritdoc/>
        protected override string NameOf(HostedRuntimeConnection element) { return element.Name; }
        IDTSRuntimeConnection100 IDTSRuntimeConnectionCollection100.this[object Index] { get { return Get(Index); } }
        IDTSRuntimeConnection90 IDTSRuntimeConnectionCollection90.this[object Index] { get { return Get(Index); } }
        IDTSRuntimeConnection100 IDTSRuntimeConnectionCollection100.GetObjectByID(int lID) { return GetById(lID); }
        IDTSRuntimeConnection90 IDTSRuntimeConnectionCollection90.GetObjectByID(int lID) { return GetById(lID); }
        IDTSRuntimeConnection100 IDTSRuntimeConnectionCollection100.GetRuntimeConnectionByName(string bstrName) { return GetByName(bstrName); }
        IDTSRuntimeConnection90 IDTSRuntimeConnectionCollection90.GetRuntimeConnectionByName(string bstrName) { return GetByName(bstrName); }
    }

    /// <summary>A column of the host.</summary>
    public sealed class HostedColumn : IDTSInputColumn100, IDTSInputColumn90, IDTSOutputColumn100, IDTSOutputColumn90
    {
        private readonly ColumnInfo _info;

        /// <summary>Made by the host.</summary>
        public HostedColumn(ColumnInfo info)
        {
            _info = info;
        }

        /// <inheritdoc/>
        public int ID { get { return _info.Id; } }
        /// <inheritdoc/>
        public string Name { get { return _info.Name; } }
        /// <inheritdoc/>
        public string Description { get { return ""; } }
        /// <inheritdoc/>
        public string IdentificationString { get { return "\"" + _info.Name + "\" (" + _info.Id + ")"; } }
        /// <inheritdoc/>
        public int LineageID { get { return _info.Lineage; } }
        /// <inheritdoc/>
        public DataType DataType { get { return (DataType)_info.Type.Number; } }
        /// <inheritdoc/>
        public int Length { get { return _info.Length; } }
        /// <inheritdoc/>
        public int Precision { get { return _info.Precision; } }
        /// <inheritdoc/>
        public int Scale { get { return _info.Scale; } }
        /// <inheritdoc/>
        public int CodePage { get { return _info.CodePage; } }
        /// <inheritdoc/>
        public DTSUsageType UsageType { get { return _info.ReadWrite ? DTSUsageType.UT_READWRITE : DTSUsageType.UT_READONLY; } }

        internal static IEnumerable<HostedColumn> All(IEnumerable<ColumnInfo> infos)
        {
            foreach (var info in infos) yield return new HostedColumn(info);
        }
    }

    /// <summary>An input of the host.</summary>
    public sealed class HostedInput : IDTSInput100, IDTSInput90
    {
        private readonly InputSpec _input;
        private readonly HostedInputColumns _columns;

        /// <summary>Made by the host.</summary>
        public HostedInput(ScriptRun run, InputSpec input)
        {
            _input = input;
            _columns = new HostedInputColumns(run, HostedColumn.All(input.Columns));
        }

        /// <inheritdoc/>
        public int ID { get { return _input.Id; } }
        /// <inheritdoc/>
        public string Name { get { return _input.Name; } }
        /// <inheritdoc/>
        public string Description { get { return _input.Description; } }
        /// <inheritdoc/>
        public string IdentificationString { get { return "input \"" + Name + "\" (" + ID + ")"; } }
        IDTSInputColumnCollection100 IDTSInput100.InputColumnCollection { get { return _columns; } }
        IDTSInputColumnCollection90 IDTSInput90.InputColumnCollection { get { return _columns; } }
    }

    /// <summary>An output of the host.</summary>
    public sealed class HostedOutput : IDTSOutput100, IDTSOutput90
    {
        private readonly ComponentRun _run;
        private readonly OutputSpec _output;
        private readonly HostedOutputColumns _columns;

        /// <summary>Made by the host.</summary>
        public HostedOutput(ComponentRun run, OutputSpec output)
        {
            _run = run;
            _output = output;
            _columns = new HostedOutputColumns(run, HostedColumn.All(output.Columns));
        }

        /// <inheritdoc/>
        public int ID { get { return _output.Id; } }
        /// <inheritdoc/>
        public string Name { get { return _output.Name; } }
        /// <inheritdoc/>
        public string Description { get { return _output.Description; } }
        /// <inheritdoc/>
        public string IdentificationString { get { return "output \"" + Name + "\" (" + ID + ")"; } }
        /// <inheritdoc/>
        public int SynchronousInputID { get { return _output.Synchronous < 0 ? 0 : _run.Inputs[_output.Synchronous].Id; } }
        /// <inheritdoc/>
        public int ExclusionGroup { get { return _output.ExclusionGroup; } }
        /// <inheritdoc/>
        public bool IsErrorOut { get { return _output.IsError; } }
        /// <inheritdoc/>
        public bool IsAttached { get { return _output.Attached; } }
        IDTSOutputColumnCollection100 IDTSOutput100.OutputColumnCollection { get { return _columns; } }
        IDTSOutputColumnCollection90 IDTSOutput90.OutputColumnCollection { get { return _columns; } }
    }

    /// <summary>A connection of the host.</summary>
    public sealed class HostedRuntimeConnection : IDTSRuntimeConnection100, IDTSRuntimeConnection90
    {
        private readonly RuntimeConnection _connection;
        private readonly HostedConnection _manager;

        /// <summary>Made by the host.</summary>
        public HostedRuntimeConnection(ScriptRun run, RuntimeConnection connection)
        {
            _connection = connection;
            _manager = connection.Connection == null ? null : new HostedConnection(run, connection.Connection);
        }

        /// <inheritdoc/>
        public int ID { get { return _connection.Id; } }
        /// <inheritdoc/>
        public string Name { get { return _connection.Name; } }
        /// <inheritdoc/>
        public string Description { get { return _connection.Description; } }
        /// <inheritdoc/>
        public string ConnectionManagerID { get { return _manager == null ? "" : _manager.ID; } }
        IDTSConnectionManager100 IDTSRuntimeConnection100.ConnectionManager { get { return _manager; } }
        IDTSConnectionManager90 IDTSRuntimeConnection90.ConnectionManager { get { return _manager; } }
    }

    /// <summary>The component of the host.</summary>
    public sealed class HostedMetaData : IDTSComponentMetaData130, IDTSComponentMetaData90
    {
        private readonly ComponentRun _run;
        private readonly HostedInputs _inputs;
        private readonly HostedOutputs _outputs;
        private readonly HostedRuntimeConnections _connections;

        /// <summary>Made by the host.</summary>
        public HostedMetaData(ComponentRun run)
        {
            _run = run;
            _inputs = new HostedInputs(run, run.Inputs.ConvertAll(i => new HostedInput(run, i)));
            _outputs = new HostedOutputs(run, run.Outputs.ConvertAll(o => new HostedOutput(run, o)));
            _connections = new HostedRuntimeConnections(run, run.RuntimeConnections.ConvertAll(c => new HostedRuntimeConnection(run, c)));
        }

        /// <inheritdoc/>
        public int ID { get { return _run.ComponentId; } }
        /// <inheritdoc/>
        public string Name { get { return _run.Name; } }
        /// <inheritdoc/>
        public string Description { get { return _run.Description; } }
        /// <inheritdoc/>
        public string ComponentClassID { get { return _run.ClassId; } }
        /// <inheritdoc/>
        public string IdentificationString { get { return _run.Identification; } }
        /// <inheritdoc/>
        public int LocaleID { get { return _run.Locale; } }
        IDTSInputCollection100 IDTSComponentMetaData100.InputCollection { get { return _inputs; } }
        IDTSInputCollection90 IDTSComponentMetaData90.InputCollection { get { return _inputs; } }
        IDTSOutputCollection100 IDTSComponentMetaData100.OutputCollection { get { return _outputs; } }
        IDTSOutputCollection90 IDTSComponentMetaData90.OutputCollection { get { return _outputs; } }
        IDTSRuntimeConnectionCollection100 IDTSComponentMetaData100.RuntimeConnectionCollection { get { return _connections; } }
        IDTSRuntimeConnectionCollection90 IDTSComponentMetaData90.RuntimeConnectionCollection { get { return _connections; } }

        /// <inheritdoc/>
        public void FireError(int ErrorCode, string SubComponent, string Description, string HelpFile, int HelpContext, out bool pbCancel)
        {
            pbCancel = _run.Raise(EventKinds.Error, ErrorCode, SubComponent, Description, HelpFile, HelpContext).Cancel;
        }

        /// <inheritdoc/>
        public void FireWarning(int WarningCode, string SubComponent, string Description, string HelpFile, int HelpContext)
        {
            _run.Raise(EventKinds.Warning, WarningCode, SubComponent, Description, HelpFile, HelpContext);
        }

        /// <inheritdoc/>
        public void FireInformation(int InformationCode, string SubComponent, string Description, string HelpFile, int HelpContext, ref bool pbFireAgain)
        {
            pbFireAgain = _run.Raise(EventKinds.Information, InformationCode, SubComponent, Description, HelpFile, HelpContext).Again;
        }

        /// <inheritdoc/>
        public void FireProgress(string bstrProgressDescription, int lPercentComplete, int lProgressCountLow, int lProgressCountHigh, string bstrSubComponent, ref bool pbFireAgain)
        {
            pbFireAgain = _run.RaiseProgress(bstrProgressDescription, lPercentComplete, lProgressCountLow, lProgressCountHigh, bstrSubComponent).Again;
        }

        /// <inheritdoc/>
        public void FireCustomEvent(string EventName, string EventText, ref object[] ppsaArguments, string SubComponent, ref bool pbFireAgain)
        {
            pbFireAgain = _run.RaiseCustom(EventName, EventText, ppsaArguments, SubComponent).Again;
        }

        /// <inheritdoc/>
        public string GetErrorDescription(int hrError) { return _run.ErrorDescription(hrError); }
        /// <inheritdoc/>
        public string GetIdentificationStringByID(int lID) { return _run.ColumnName(lID); }
    }
}
