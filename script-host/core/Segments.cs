// Shared memory between engine and host (PROTOCOL.md 5.1): what the engine lends, what the host
// lends.

using System;
using System.IO;

namespace Packmule.ScriptHost
{
    /// <summary>Shared memory: what the engine lends, what this side lends (PROTOCOL.md 5.1).</summary>
    public sealed unsafe class Segments
    {
        private const int MaximumSlots = 64;
        private const long MaximumSize = 1L << 30;

        private readonly Link _link;
        private const long SmallestPayload = 64 << 10;
        private const int OwnSlots = 8;

        private readonly Theirs[] _theirs = new Theirs[MaximumSlots];
        private readonly Ours[] _ours = new Ours[OwnSlots];
        private bool _lends;
        private bool _refused;

        private sealed class Theirs
        {
            internal byte* Memory;
            internal long Size;
            internal int Users;
            internal bool Replaced;
        }

        private sealed class Ours
        {
            internal int Descriptor;
            internal byte* Memory;
            internal long Size;
            internal bool Lent;
        }

        /// <summary>Of a link.</summary>
        public Segments(Link link)
        {
            _link = link;
        }

        /// <summary>Maps a segment of the engine.</summary>
        public void Take(JsonObject header)
        {
            var slot = header.Int("slot", -1);
            var wanted = header.Integer("size");
            if (slot < 0 || slot >= MaximumSlots || wanted <= 0 || wanted > MaximumSize) throw new JsonException("a segment of " + wanted + " bytes as slot " + slot);
            long size;
            var fd = Native.OpenShared(header.Text("path", ""), out size);
            byte* memory;
            try
            {
                if (size < wanted) throw new IOException("the segment has only " + size + " bytes");
                memory = Native.Map(fd, wanted, false);
            }
            finally
            {
                Native.Close(fd);
            }
            lock (_theirs)
            {
                Drop(_theirs[slot]);
                _theirs[slot] = new Theirs { Memory = memory, Size = wanted };
            }
            Enable();
        }

        /// <summary>The engine wants shared memory: the host may lend some as well.</summary>
        public void Enable()
        {
            lock (_ours) _lends = true;
        }

        /// <summary>Puts a payload into a segment that is free and names it in the header. False when the
        /// payload is to go by the pipe.</summary>
        public bool Lend(JsonObject header, NativeBuffer payload)
        {
            if (payload.Length < SmallestPayload) return false;
            var slot = Claim();
            if (slot < 0) return false;
            var done = false;
            try
            {
                if (!Fit(slot, payload.Length)) return false;
                Native.Copy(payload.Memory, _ours[slot].Memory, payload.Length);
                header.Add("slot", slot).Add("slot_bytes", payload.Length);
                done = true;
                return true;
            }
            finally
            {
                if (!done) Returned(slot);
            }
        }

        private int Claim()
        {
            lock (_ours)
            {
                if (!_lends || _refused) return -1;
                for (var slot = 0; slot < OwnSlots; slot++)
                {
                    if (_ours[slot] == null) _ours[slot] = new Ours { Descriptor = -1 };
                    if (_ours[slot].Lent) continue;
                    _ours[slot].Lent = true;
                    return slot;
                }
                return -1;
            }
        }

        /// <summary>The engine gave a segment back.</summary>
        public void Returned(int slot)
        {
            lock (_ours)
            {
                if (slot < 0 || slot >= OwnSlots || _ours[slot] == null || !_ours[slot].Lent) throw new ProtocolException("slot " + slot + " was not lent");
                _ours[slot].Lent = false;
            }
        }

        /// <summary>Makes a segment large enough; false when there is to be none.</summary>
        private bool Fit(int slot, long length)
        {
            var ours = _ours[slot];
            if (ours.Size >= length) return true;
            var size = 1L << 20;
            while (size < length) size *= 2;
            int fd = -1;
            try
            {
                fd = Native.MakeShared(size);
                var memory = Native.Map(fd, size, true);
                _link.Ask(new JsonObject("segment").Add("slot", slot).Add("path", "/proc/" + Native.ProcessId + "/fd/" + fd).Add("size", size));
                if (ours.Size > 0)
                {
                    Native.Unmap(ours.Memory, ours.Size);
                    Native.Close(ours.Descriptor);
                }
                ours.Descriptor = fd;
                ours.Memory = memory;
                ours.Size = size;
                return true;
            }
            catch (Exception e) when (e is EngineException || e is IOException || e is EntryPointNotFoundException)
            {
                // The engine cannot open it, or there is no memfd: the pipe does as well.
                if (fd >= 0) Native.Close(fd);
                lock (_ours) _refused = true;
                return false;
            }
        }

        private static void Drop(Theirs old)
        {
            if (old == null) return;
            old.Replaced = true;
            if (old.Users == 0) Native.Unmap(old.Memory, old.Size);
        }

        /// <summary>The part of a segment that a header names; null if it names none.</summary>
        public NativeBuffer Lent(JsonObject header)
        {
            if (header["slot"] == null || header["slot_bytes"] == null) return null;
            var slot = header.Int("slot", -1);
            var bytes = header.Integer("slot_bytes");
            lock (_theirs)
            {
                var segment = slot < 0 || slot >= MaximumSlots ? null : _theirs[slot];
                if (segment == null || bytes < 0 || bytes > segment.Size) throw new ProtocolException("a frame names " + bytes + " bytes of slot " + slot);
                segment.Users++;
                return new NativeBuffer(segment.Memory, bytes, () => Free(segment, slot));
            }
        }

        private void Free(Theirs segment, int slot)
        {
            lock (_theirs)
            {
                segment.Users--;
                if (segment.Replaced)
                {
                    if (segment.Users == 0) Native.Unmap(segment.Memory, segment.Size);
                    return;
                }
            }
            try
            {
                _link.Send(new JsonObject("free").Add("slot", slot));
            }
            catch (IOException)
            {
                // Nobody is there to use it again.
            }
        }
    }
}
