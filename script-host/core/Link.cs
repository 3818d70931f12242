// The connection to the engine: frames in and out, requests and their replies.
//
// One thread reads and one thread writes, so that a script that is aborted in the middle of a call
// never leaves half a frame behind. PROTOCOL.md describes the frames.

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;

namespace Packmule.ScriptHost
{
    /// <summary>A call-back that the engine refused, with SSIS's code and text.</summary>
    public sealed class EngineException : Exception
    {
        /// <summary>SSIS's code, 0 if none.</summary>
        public readonly int Code;

        /// <summary>With code and text.</summary>
        public EngineException(int code, string text) : base(text)
        {
            Code = code;
            if (code != 0) HResult = code;
        }
    }

    /// <summary>A frame that came.</summary>
    public sealed class Message : IDisposable
    {
        /// <summary>Its header.</summary>
        public readonly JsonObject Header;
        /// <summary>Its payload or the part of a segment that it names; null if none.</summary>
        public readonly NativeBuffer Payload;

        /// <summary>Of header and payload.</summary>
        public Message(JsonObject header, NativeBuffer payload)
        {
            Header = header;
            Payload = payload;
        }

        /// <summary>Frees the payload.</summary>
        public void Dispose()
        {
            if (Payload != null) Payload.Dispose();
        }
    }

    /// <summary>The connection to the engine.</summary>
    public sealed unsafe class Link
    {
        /// <summary>Largest frame.</summary>
        public const long MaximumFrame = 256L << 20;
        private const long MaximumHeader = 64L << 20;
        private const long MaximumQueued = 64L << 20;

        private readonly int _input;
        private readonly int _output;
        private readonly object _queueLock = new object();
        private readonly Queue<KeyValuePair<byte[], NativeBuffer>> _queue = new Queue<KeyValuePair<byte[], NativeBuffer>>();
        private long _queued;
        private bool _closed;
        private readonly Dictionary<long, Pending> _pending = new Dictionary<long, Pending>();
        private long _lastCall;
        private readonly Thread _writer;
        private readonly UTF8Encoding _utf8 = new UTF8Encoding(false, true);

        private sealed class Pending
        {
            internal Message Reply;
            internal bool Lost;
        }

        /// <summary>Over two descriptors. Starts the writing thread.</summary>
        public Link(int input, int output)
        {
            _input = input;
            _output = output;
            Segments = new Segments(this);
            _writer = new Thread(WriteAll) { IsBackground = true, Name = "engine writer" };
            _writer.Start();
        }

        /// <summary>Shared memory of both sides.</summary>
        public Segments Segments { get; private set; }

        /// <summary>Reads the next frame that is not a reply; null at the end of the stream.</summary>
        /// <exception cref="ProtocolException">Not a frame.</exception>
        public Message Read()
        {
            while (true)
            {
                var head = stackalloc uint[2];
                if (!Native.ReadAll(_input, (byte*)head, 8)) return null;
                long size = head[0], header = head[1];
                if (size < 4 || size > MaximumFrame || header > size - 4 || header > MaximumHeader)
                {
                    throw new ProtocolException("a frame of " + size + " bytes with a header of " + header + " bytes");
                }
                var message = ReadBody(header, size - 4 - header);
                if (message.Header.Text("type") != "reply") return message;
                Answer(message);
            }
        }

        private Message ReadBody(long header, long payload)
        {
            JsonObject fields;
            using (var bytes = new NativeBuffer(header))
            {
                var place = bytes.Append(header);
                if (!Native.ReadAll(_input, place, header) && header > 0) throw new ProtocolException("the stream ends inside of a frame");
                try
                {
                    fields = JsonText.ReadObject(_utf8.GetString(place, (int)header));
                }
                catch (Exception e) when (e is JsonException || e is ArgumentException)
                {
                    throw new ProtocolException(e.Message);
                }
            }
            if (payload == 0) return new Message(fields, Segments.Lent(fields));
            var body = new NativeBuffer(payload);
            if (!Native.ReadAll(_input, body.Append(payload), payload)) throw new ProtocolException("the stream ends inside of a frame");
            return new Message(fields, body);
        }

        private void Answer(Message message)
        {
            Pending pending;
            lock (_pending)
            {
                var call = message.Header.Integer("call");
                if (!_pending.TryGetValue(call, out pending))
                {
                    // The caller was aborted in the meantime.
                    message.Dispose();
                    return;
                }
                _pending.Remove(call);
            }
            lock (pending)
            {
                pending.Reply = message;
                Monitor.PulseAll(pending);
            }
        }

        /// <summary>Ends all waiting; nothing is sent any more after what is queued.</summary>
        public void Close()
        {
            List<Pending> all;
            lock (_queueLock)
            {
                _closed = true;
                Monitor.PulseAll(_queueLock);
            }
            lock (_pending)
            {
                all = new List<Pending>(_pending.Values);
                _pending.Clear();
            }
            foreach (var pending in all)
            {
                lock (pending)
                {
                    pending.Lost = true;
                    Monitor.PulseAll(pending);
                }
            }
            if (Thread.CurrentThread != _writer) _writer.Join(5000);
        }

        /// <summary>Sends a frame. The payload belongs to the link afterwards. Waits while much is
        /// queued.</summary>
        public void Send(JsonObject header, NativeBuffer payload = null)
        {
            var text = _utf8.GetBytes(JsonText.Write(header));
            var size = 8L + text.Length + (payload == null ? 0 : payload.Length);
            if (text.Length > MaximumHeader) throw new InvalidOperationException("values of " + text.Length + " bytes in one message are more than the engine takes");
            if (size > MaximumFrame) throw new InvalidOperationException("a message of " + size + " bytes is larger than the engine takes");
            lock (_queueLock)
            {
                while (_queued > MaximumQueued && !_closed) Monitor.Wait(_queueLock);
                if (_closed) throw new IOException("the engine has gone");
                // Nothing that aborts the thread can come between these two.
                try
                {
                }
                finally
                {
                    _queue.Enqueue(new KeyValuePair<byte[], NativeBuffer>(text, payload));
                    _queued += size;
                    if (_queue.Count == 1) Monitor.PulseAll(_queueLock);
                }
            }
        }

        /// <summary>Sends a frame with columns: by shared memory where the engine wants it.</summary>
        public void SendColumns(JsonObject header, NativeBuffer payload)
        {
            if (!Segments.Lend(header, payload))
            {
                Send(header, payload);
                return;
            }
            payload.Dispose();
            Send(header);
        }

        /// <summary>Sends a request and waits for its reply.</summary>
        /// <exception cref="EngineException">The engine refused it.</exception>
        public Message Call(JsonObject header, NativeBuffer payload = null)
        {
            var pending = new Pending();
            long call = 0;
            try
            {
                // An abort of the script must not come in the middle of a change to the table.
                try
                {
                }
                finally
                {
                    lock (_pending)
                    {
                        call = ++_lastCall;
                        _pending[call] = pending;
                    }
                }
                Send(header.Add("call", call), payload);
                lock (pending)
                {
                    while (pending.Reply == null && !pending.Lost) Monitor.Wait(pending);
                }
            }
            finally
            {
                lock (_pending) _pending.Remove(call);
            }
            if (pending.Reply == null) throw new IOException("the engine has gone");
            var error = pending.Reply.Header.Object("error");
            if (error == null) return pending.Reply;
            pending.Reply.Dispose();
            throw new EngineException(error.Int("code"), error.Text("text", "the engine refused a request without saying why"));
        }

        /// <summary>A request whose reply has no payload.</summary>
        public JsonObject Ask(JsonObject header, NativeBuffer payload = null)
        {
            using (var reply = Call(header, payload)) return reply.Header;
        }

        /// <summary>Answers a request of the engine.</summary>
        public void Reply(long call, JsonObject fields, NativeBuffer payload = null)
        {
            var header = new JsonObject("reply").Add("call", call);
            if (fields != null)
            {
                foreach (var member in fields.Members) header.Add(member.Key, member.Value);
            }
            Send(header, payload);
        }

        private void WriteAll()
        {
            var head = stackalloc uint[2];
            try
            {
                while (true)
                {
                    KeyValuePair<byte[], NativeBuffer> frame;
                    lock (_queueLock)
                    {
                        while (_queue.Count == 0 && !_closed) Monitor.Wait(_queueLock);
                        if (_queue.Count == 0) return;
                        frame = _queue.Dequeue();
                    }
                    var payload = frame.Value == null ? 0 : frame.Value.Length;
                    head[0] = (uint)(4 + frame.Key.Length + payload);
                    head[1] = (uint)frame.Key.Length;
                    WriteFrame((byte*)head, frame.Key, frame.Value);
                    if (frame.Value != null) frame.Value.Dispose();
                    lock (_queueLock)
                    {
                        _queued -= 8L + frame.Key.Length + payload;
                        Monitor.PulseAll(_queueLock);
                    }
                }
            }
            catch (IOException)
            {
                // The engine has gone; the reading thread ends the process.
                lock (_queueLock)
                {
                    _closed = true;
                    _queue.Clear();
                    Monitor.PulseAll(_queueLock);
                }
            }
        }

        private void WriteFrame(byte* head, byte[] header, NativeBuffer payload)
        {
            // One call for the usual small frame.
            var all = new byte[8 + header.Length];
            for (var i = 0; i < 8; i++) all[i] = head[i];
            Buffer.BlockCopy(header, 0, all, 8, header.Length);
            fixed (byte* start = all) Native.WriteAll(_output, start, all.Length);
            if (payload != null && payload.Length > 0) Native.WriteAll(_output, payload.Memory, payload.Length);
        }
    }
}
