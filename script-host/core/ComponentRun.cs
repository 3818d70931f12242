// One running script component: its metadata, and the rows that go in and come out.

using System;
using System.Collections.Generic;
using System.Threading;

namespace Packmule.ScriptHost
{
    /// <summary>An input of a component.</summary>
    public sealed class InputSpec
    {
        /// <summary>Position among the inputs.</summary>
        public int Index;
        /// <summary>Id.</summary>
        public int Id;
        /// <summary>Name.</summary>
        public string Name;
        /// <summary>Description.</summary>
        public string Description;
        /// <summary>Columns in document order.</summary>
        public List<ColumnInfo> Columns;
    }

    /// <summary>An output of a component.</summary>
    public sealed class OutputSpec
    {
        /// <summary>Position among the outputs.</summary>
        public int Index;
        /// <summary>Id.</summary>
        public int Id;
        /// <summary>Name.</summary>
        public string Name;
        /// <summary>Description.</summary>
        public string Description;
        /// <summary>Position of the input that it is synchronous to; −1 = asynchronous.</summary>
        public int Synchronous;
        /// <summary>0 = every row goes on.</summary>
        public int ExclusionGroup;
        /// <summary>Whether it is an error output.</summary>
        public bool IsError;
        /// <summary>Whether its rows go anywhere.</summary>
        public bool Attached;
        /// <summary>Columns in document order.</summary>
        public List<ColumnInfo> Columns;
    }

    /// <summary>A connection of a component.</summary>
    public sealed class RuntimeConnection
    {
        /// <summary>Id.</summary>
        public int Id;
        /// <summary>Name of the role.</summary>
        public string Name;
        /// <summary>Description.</summary>
        public string Description;
        /// <summary>The manager; null when none is assigned.</summary>
        public ConnectionSlot Connection;
    }

    /// <summary>One running component.</summary>
    public sealed class ComponentRun : ScriptRun
    {
        private VariableList _writeVariables;

        /// <summary>Of the header of "open".</summary>
        public ComponentRun(Link link, Values values, JsonObject from, Func<int, string, Exception> makeException)
            : base(link, values, from, makeException)
        {
            ComponentId = from.Int("id");
            ClassId = from.Text("class_id", "");
            Identification = from.Text("identification", Name);
            Description = from.Text("description", "");
            Locale = from.Int("locale");
            BatchRows = Math.Max(1, Math.Min(1 << 20, from.Int("batch_rows", 16384)));
            BatchBytes = Math.Max(1 << 16, Math.Min(64L << 20, from.Integer("batch_bytes", 8 << 20)));
            WriteNames = new List<string>(from.Texts("write_variables"));
            Inputs = new List<InputSpec>();
            foreach (var input in from.Objects("inputs"))
            {
                Inputs.Add(new InputSpec
                {
                    Index = Inputs.Count,
                    Id = input.Int("id"),
                    Name = input.Text("name", ""),
                    Description = input.Text("description", ""),
                    Columns = ColumnInfo.ReadAll(input, "columns"),
                });
            }
            ReadOutputs(from);
            RuntimeConnections = new List<RuntimeConnection>();
            foreach (var connection in from.Objects("connections"))
            {
                var manager = connection.Object("connection");
                RuntimeConnections.Add(new RuntimeConnection
                {
                    Id = connection.Int("id"),
                    Name = connection.Text("name", ""),
                    Description = connection.Text("description", ""),
                    Connection = manager == null ? null : new ConnectionSlot(this, manager),
                });
            }
        }

        private void ReadOutputs(JsonObject from)
        {
            Outputs = new List<OutputSpec>();
            foreach (var output in from.Objects("outputs"))
            {
                var synchronous = output.Int("synchronous", -1);
                if (synchronous < -1 || synchronous >= Inputs.Count) throw new JsonException("an output is synchronous to an input that is not there");
                Outputs.Add(new OutputSpec
                {
                    Index = Outputs.Count,
                    Id = output.Int("id"),
                    Name = output.Text("name", ""),
                    Description = output.Text("description", ""),
                    Synchronous = synchronous,
                    ExclusionGroup = output.Int("exclusion_group"),
                    IsError = output.Flag("error"),
                    Attached = output.Flag("attached", true),
                    Columns = ColumnInfo.ReadAll(output, "columns"),
                });
            }
        }

        /// <summary>Id of the component.</summary>
        public int ComponentId { get; private set; }
        /// <summary>Class id.</summary>
        public string ClassId { get; private set; }
        /// <summary>Name and id for messages.</summary>
        public string Identification { get; private set; }
        /// <summary>Description.</summary>
        public string Description { get; private set; }
        /// <summary>Locale id.</summary>
        public int Locale { get; private set; }
        /// <summary>Rows of a batch that goes out.</summary>
        public int BatchRows { get; private set; }
        /// <summary>Bytes of a batch that goes out.</summary>
        public long BatchBytes { get; private set; }
        /// <summary>Inputs.</summary>
        public List<InputSpec> Inputs { get; private set; }
        /// <summary>Outputs.</summary>
        public List<OutputSpec> Outputs { get; private set; }
        /// <summary>Connections by role.</summary>
        public List<RuntimeConnection> RuntimeConnections { get; private set; }
        /// <summary>Names of the variables that PostExecute may write.</summary>
        public List<string> WriteNames { get; private set; }

        /// <summary>The variables for writing while PostExecute runs; null otherwise.</summary>
        public VariableList WriteVariables
        {
            get { return _writeVariables; }
        }

        /// <summary>Locks the variables for writing, before PostExecute.</summary>
        public void LockWriteVariables()
        {
            _writeVariables = Lock(new string[0], WriteNames);
        }

        /// <summary>Releases them.</summary>
        public void UnlockWriteVariables()
        {
            var held = _writeVariables;
            _writeVariables = null;
            if (held != null) held.Unlock();
        }

        /// <summary>The columns that the wrapper class of an input has: those of the input, then those
        /// of its synchronous outputs.</summary>
        public List<ColumnInfo> LayoutOf(InputSpec input)
        {
            var columns = new List<ColumnInfo>(input.Columns);
            foreach (var output in Outputs)
            {
                if (output.Synchronous == input.Index) columns.AddRange(output.Columns);
            }
            return columns;
        }

        /// <summary>Positions in the buffer of the columns that a wrapper class has, in its order. The
        /// buffers here have just that order.</summary>
        public int[] ColumnIndexes(int id)
        {
            var count = -1;
            foreach (var input in Inputs)
            {
                if (input.Id == id) count = LayoutOf(input).Count;
            }
            foreach (var output in Outputs)
            {
                if (output.Id == id && count < 0) count = output.Columns.Count;
            }
            if (count < 0) throw Fail(Codes.ElementNotFound, Codes.ElementNotFoundText);
            var indexes = new int[count];
            for (var i = 0; i < count; i++) indexes[i] = i;
            return indexes;
        }

        /// <summary>Text of an error code.</summary>
        public string ErrorDescription(int code)
        {
            return Ask(new JsonObject("error_description").Add("code", code)).Text("text", "");
        }

        /// <summary>Identification string of a lineage id.</summary>
        public string ColumnName(int lineage)
        {
            return Ask(new JsonObject("column_name").Add("lineage", lineage)).Text("text", "");
        }
    }
}
