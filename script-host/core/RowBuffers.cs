// The rows of a component's inputs and outputs while the script goes over them.

using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Packmule.ScriptHost
{
    /// <summary>What PipelineBuffer stands on.</summary>
    public abstract class RowBuffer
    {
        /// <summary>Columns by buffer index.</summary>
        public Column[] Columns;
        /// <summary>The current row; −1 before the first.</summary>
        public int Row = -1;
        /// <summary>Rows in the buffer.</summary>
        public int Rows;
        /// <summary>Whether this is the last buffer.</summary>
        public bool EndOfRowset;

        /// <summary>A column.</summary>
        public Column At(int index)
        {
            if ((uint)index >= (uint)Columns.Length) throw ColumnErrors.NoColumn("The buffer has " + Columns.Length + " columns; there is none at " + index + ".");
            return Columns[index];
        }

        /// <summary>Goes to the next row; false after the last.</summary>
        public bool NextRow()
        {
            if (Row + 1 >= Rows)
            {
                Row = Rows;
                return false;
            }
            Row++;
            return true;
        }

        /// <summary>Makes a new row.</summary>
        public abstract void AddRow();
        /// <summary>Removes the current row from all outputs.</summary>
        public abstract void RemoveRow();
        /// <summary>No more rows will be added.</summary>
        public abstract void SetEndOfRowset();
        /// <summary>Sends the current row to an output.</summary>
        public abstract void DirectRow(int outputId);
    }

    /// <summary>Rows of an input, with the columns that its synchronous outputs add.</summary>
    public sealed unsafe class InputRows : RowBuffer
    {
        private readonly ComponentRun _run;
        private readonly InputSpec _input;
        private readonly List<OutputSpec> _selective = new List<OutputSpec>();
        private readonly List<JsonObject> _names = new List<JsonObject>();
        private ulong[][] _selections;
        private int[] _selected;
        private Message _batch;

        /// <summary>For an input.</summary>
        public InputRows(ComponentRun run, InputSpec input)
        {
            _run = run;
            _input = input;
            var layout = run.LayoutOf(input);
            Columns = new Column[layout.Count];
            for (var i = 0; i < Columns.Length; i++) Columns[i] = Column.Make(layout[i]);
            for (var i = 0; i < input.Columns.Count; i++) _names.Add(new JsonObject().Add("column", i));
            foreach (var output in run.Outputs)
            {
                if (output.Synchronous != input.Index) continue;
                if (output.ExclusionGroup > 0) _selective.Add(output);
                for (var i = 0; i < output.Columns.Count; i++) _names.Add(new JsonObject().Add("output", output.Index).Add("column", i));
            }
            _selections = new ulong[_selective.Count][];
            _selected = new int[_selective.Count];
        }

        /// <summary>Takes a batch of the engine.</summary>
        public void Begin(Message batch)
        {
            _batch = batch;
            Rows = Batch.RowsOf(batch);
            EndOfRowset = batch.Header.Flag("end");
            Row = -1;
            var payload = new PayloadReader(batch.Payload);
            for (var i = 0; i < Columns.Length; i++)
            {
                if (Rows == 0) Columns[i].Detach();
                else if (i < _input.Columns.Count) Columns[i].Attach(payload, Rows);
                else Columns[i].Begin(Rows);
            }
            for (var i = 0; i < _selections.Length; i++)
            {
                var words = (Rows + 63) / 64;
                if (_selections[i] == null || _selections[i].Length < words) _selections[i] = new ulong[words];
                else Array.Clear(_selections[i], 0, words);
                _selected[i] = 0;
            }
        }

        /// <summary>Sends back what the script did with the batch and lets go of it.</summary>
        public void End()
        {
            var written = new List<JsonObject>();
            var payload = new NativeBuffer(1024);
            for (var i = 0; i < Columns.Length; i++)
            {
                if (!Columns[i].Written) continue;
                written.Add(_names[i]);
                Columns[i].Encode(payload);
            }
            var selections = new List<JsonObject>();
            for (var i = 0; i < _selective.Count; i++)
            {
                selections.Add(new JsonObject().Add("output", _selective[i].Index).Add("rows", _selected[i]));
                WriteSelection(payload, _selections[i], Rows, _selected[i]);
            }
            var done = new JsonObject("batch_done").Add("input", _input.Index).Add("batch", _batch.Header.Integer("batch"))
                .Add("written", written).Add("selections", selections);
            Drop();
            _run.SendColumns(done, payload);
        }

        /// <summary>Lets go of the batch.</summary>
        public void Drop()
        {
            Rows = 0;
            Row = -1;
            foreach (var column in Columns) column.Detach();
            if (_batch != null) _batch.Dispose();
            _batch = null;
        }

        private static void WriteSelection(NativeBuffer to, ulong[] bits, int rows, int count)
        {
            if (count == 0) return;
            var place = (uint*)to.Append(count * 4L);
            for (var row = 0; row < rows; row++)
            {
                if ((bits[row >> 6] & (1UL << (row & 63))) != 0) *place++ = (uint)row;
            }
            to.Pad();
        }

        /// <inheritdoc/>
        public override void DirectRow(int outputId)
        {
            if (Row < 0 || Row >= Rows) throw new InvalidOperationException("There is no current row to direct to an output; call NextRow first.");
            for (var i = 0; i < _selective.Count; i++)
            {
                if (_selective[i].Id != outputId) continue;
                var bit = 1UL << (Row & 63);
                if ((_selections[i][Row >> 6] & bit) == 0)
                {
                    _selections[i][Row >> 6] |= bit;
                    _selected[i]++;
                }
                return;
            }
            foreach (var output in _run.Outputs)
            {
                // Without an exclusion group every row goes there anyway.
                if (output.Id == outputId && output.Synchronous == _input.Index) return;
            }
            throw new InvalidOperationException("The input \"" + _input.Name + "\" has no synchronous output with the id " + outputId + ".");
        }

        /// <inheritdoc/>
        public override void AddRow()
        {
            throw new InvalidOperationException("Rows cannot be added to the buffer of the input \"" + _input.Name + "\".");
        }

        /// <inheritdoc/>
        public override void RemoveRow()
        {
            throw new InvalidOperationException("Rows cannot be removed from the buffer of the input \"" + _input.Name + "\"; direct rows to an output of an exclusion group instead.");
        }

        /// <inheritdoc/>
        public override void SetEndOfRowset()
        {
            throw new InvalidOperationException("The end of the rows of the input \"" + _input.Name + "\" is not the script's to set.");
        }
    }

    /// <summary>Rows of an asynchronous output, sent to the engine batch by batch.</summary>
    public sealed class OutputRows : RowBuffer
    {
        private const int StartCredits = 2;

        private readonly ComponentRun _run;
        private readonly OutputSpec _output;
        private readonly object _creditLock = new object();
        private readonly bool _hasBlobs;
        private int _credits = StartCredits;
        private long _batches;

        /// <summary>For an output.</summary>
        public OutputRows(ComponentRun run, OutputSpec output)
        {
            _run = run;
            _output = output;
            Columns = new Column[output.Columns.Count];
            for (var i = 0; i < Columns.Length; i++)
            {
                Columns[i] = Column.Make(output.Columns[i]);
                Columns[i].Begin(0);
                _hasBlobs |= Columns[i] is BlobStore;
            }
        }

        /// <summary>Whether the script (or the host for it) said that no more rows come.</summary>
        public bool Ended { get; private set; }

        /// <summary>The engine took a batch.</summary>
        public void Credit()
        {
            lock (_creditLock)
            {
                if (_credits >= StartCredits) throw new ProtocolException("a credit too many for output " + _output.Index);
                _credits++;
                Monitor.Pulse(_creditLock);
            }
        }

        /// <inheritdoc/>
        public override void AddRow()
        {
            if (Ended) throw new InvalidOperationException("A row was added to the output \"" + _output.Name + "\" after SetEndOfRowset.");
            if (Rows >= _run.BatchRows || ((_hasBlobs || (Rows & 63) == 63) && Bytes > _run.BatchBytes)) Flush(false);
            Rows++;
            Row = Rows - 1;
            foreach (var column in Columns) column.AddRow();
        }

        private long Bytes
        {
            get
            {
                long bytes = 0;
                foreach (var column in Columns) bytes += column.Bytes;
                return bytes;
            }
        }

        private void Flush(bool end)
        {
            if (_output.Attached || end) Send(end);
            foreach (var column in Columns) column.Begin(0);
            Rows = 0;
            Row = -1;
        }

        private void Send(bool end)
        {
            lock (_creditLock)
            {
                while (_credits == 0) Monitor.Wait(_creditLock);
                _credits--;
            }
            var rows = _output.Attached ? Rows : 0;
            var payload = new NativeBuffer(1024);
            if (rows > 0)
            {
                foreach (var column in Columns) column.Encode(payload);
            }
            _run.SendColumns(new JsonObject("out_batch").Add("output", _output.Index).Add("batch", ++_batches).Add("rows", rows).Add("end", end), payload);
        }

        /// <inheritdoc/>
        public override void SetEndOfRowset()
        {
            if (Ended) return;
            Ended = true;
            EndOfRowset = true;
            Flush(true);
        }

        /// <inheritdoc/>
        public override void RemoveRow()
        {
            throw new NotSupportedException("RemoveRow is not supported on the output \"" + _output.Name + "\"; add a row only when it is to be sent.");
        }

        /// <inheritdoc/>
        public override void DirectRow(int outputId)
        {
            throw new InvalidOperationException("Rows of the asynchronous output \"" + _output.Name + "\" cannot be directed to another output.");
        }
    }
}
