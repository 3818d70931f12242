// Calls of the operating system and memory outside of the collector's reach.
//
// Payloads are read from and written to the pipes without going through managed arrays.

using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace Packmule.ScriptHost
{
    /// <summary>The few functions of libc that the host needs.</summary>
    public static unsafe class Native
    {
        private const int EINTR = 4;
        private const int F_SETPIPE_SZ = 1031;
        private const int O_CLOEXEC = 0x80000;
        private const int O_RDWR = 2;

        [DllImport("libc", SetLastError = true)]
        private static extern IntPtr read(int fd, byte* buffer, IntPtr count);

        [DllImport("libc", SetLastError = true)]
        private static extern IntPtr write(int fd, byte* buffer, IntPtr count);

        [DllImport("libc", SetLastError = true)]
        private static extern int fcntl(int fd, int command, int argument);

        [DllImport("libc", SetLastError = true)]
        private static extern int dup2(int from, int to);

        [DllImport("libc", SetLastError = true)]
        private static extern int open(string path, int flags);

        [DllImport("libc", SetLastError = true)]
        private static extern int close(int fd);

        [DllImport("libc", SetLastError = true)]
        private static extern int memfd_create(string name, uint flags);

        [DllImport("libc", SetLastError = true)]
        private static extern int ftruncate(int fd, long length);

        [DllImport("libc", SetLastError = true)]
        private static extern IntPtr mmap(IntPtr address, IntPtr length, int protection, int flags, int fd, long offset);

        [DllImport("libc", SetLastError = true)]
        private static extern int munmap(IntPtr address, IntPtr length);

        [DllImport("libc", SetLastError = true)]
        private static extern long lseek(int fd, long offset, int whence);

        [StructLayout(LayoutKind.Sequential)]
        private struct Limit
        {
            public ulong Soft;
            public ulong Hard;
        }

        [DllImport("libc", SetLastError = true)]
        private static extern int setrlimit(int resource, ref Limit limit);

        /// <summary>Exit without finalizers or anything that a script could hold up.</summary>
        [DllImport("libc", EntryPoint = "_exit")]
        public static extern void Exit(int code);

        [DllImport("libc", EntryPoint = "getpid")]
        private static extern int getpid();

        /// <summary>The number of this process.</summary>
        public static int ProcessId
        {
            get { return getpid(); }
        }

        /// <summary>Limits the memory for data that this process may take, in bytes. A limit that is lower
        /// already stays.</summary>
        public static void LimitData(long bytes)
        {
            const int RLIMIT_DATA = 2;
            var limit = new Limit { Soft = (ulong)bytes, Hard = (ulong)bytes };
            setrlimit(RLIMIT_DATA, ref limit);
        }

        private static IOException Failed(string what)
        {
            return new IOException(what + ": error " + Marshal.GetLastWin32Error());
        }

        /// <summary>Takes standard input and output away: gives back descriptors of their own, and
        /// lets 0 be empty and 1 be standard error.</summary>
        public static void TakeStandardStreams(out int input, out int output)
        {
            const int F_DUPFD_CLOEXEC = 1030;
            input = fcntl(0, F_DUPFD_CLOEXEC, 100);
            output = fcntl(1, F_DUPFD_CLOEXEC, 100);
            if (input < 0 || output < 0) throw Failed("standard streams");
            var nothing = open("/dev/null", O_RDWR);
            if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(2, 1) < 0) throw Failed("standard streams");
            close(nothing);
            // Larger pipes mean fewer changes between the processes. Refusal does no harm.
            fcntl(input, F_SETPIPE_SZ, 1 << 20);
            fcntl(output, F_SETPIPE_SZ, 1 << 20);
        }

        /// <summary>Reads until the buffer is full. False at the end of the stream before the first
        /// byte.</summary>
        public static bool ReadAll(int fd, byte* buffer, long count)
        {
            long done = 0;
            while (done < count)
            {
                var n = (long)read(fd, buffer + done, (IntPtr)(count - done));
                if (n < 0 && Marshal.GetLastWin32Error() == EINTR) continue;
                if (n < 0) throw Failed("reading from the engine");
                if (n == 0)
                {
                    if (done == 0) return false;
                    throw new ProtocolException("the stream ends inside of a frame");
                }
                done += n;
            }
            return true;
        }

        /// <summary>Writes everything.</summary>
        public static void WriteAll(int fd, byte* buffer, long count)
        {
            while (count > 0)
            {
                var n = (long)write(fd, buffer, (IntPtr)count);
                if (n < 0 && Marshal.GetLastWin32Error() == EINTR) continue;
                if (n <= 0) throw Failed("writing to the engine");
                buffer += n;
                count -= n;
            }
        }

        /// <summary>Makes shared memory; its descriptor.</summary>
        public static int MakeShared(long size)
        {
            var fd = memfd_create("packmule", 1);
            if (fd < 0) throw Failed("memfd_create");
            if (ftruncate(fd, size) < 0)
            {
                close(fd);
                throw Failed("ftruncate");
            }
            return fd;
        }

        /// <summary>Opens the other side's shared memory; its descriptor and size.</summary>
        public static int OpenShared(string path, out long size)
        {
            var fd = open(path, O_CLOEXEC);
            if (fd < 0) throw Failed(path);
            size = lseek(fd, 0, 2);
            return fd;
        }

        /// <summary>A descriptor where everything written vanishes.</summary>
        public static int OpenNothing()
        {
            var fd = open("/dev/null", O_RDWR | O_CLOEXEC);
            if (fd < 0) throw Failed("/dev/null");
            return fd;
        }

        /// <summary>Closes a descriptor.</summary>
        public static void Close(int fd)
        {
            close(fd);
        }

        /// <summary>Maps shared memory.</summary>
        public static byte* Map(int fd, long size, bool writable)
        {
            var address = mmap(IntPtr.Zero, (IntPtr)size, writable ? 3 : 1, 1, fd, 0);
            if (address == new IntPtr(-1)) throw Failed("mmap");
            return (byte*)address;
        }

        /// <summary>Ends a mapping.</summary>
        public static void Unmap(byte* address, long size)
        {
            munmap((IntPtr)address, (IntPtr)size);
        }

        /// <summary>Copies bytes.</summary>
        public static void Copy(byte* from, byte* to, long count)
        {
            Buffer.MemoryCopy(from, to, count, count);
        }
    }

    /// <summary>A frame that cannot be understood; the connection ends.</summary>
    public sealed class ProtocolException : Exception
    {
        /// <summary>With what is wrong.</summary>
        public ProtocolException(string message) : base(message)
        {
        }
    }

    /// <summary>Memory for one payload: grows, aligned to 16 bytes, freed when the last holder lets
    /// go.</summary>
    public sealed unsafe class NativeBuffer : IDisposable
    {
        private byte* _memory;
        private long _capacity;
        private Action _whenFree;
        private int _released;
        private readonly bool _borrowed;

        /// <summary>Empty, with room for so many bytes.</summary>
        public NativeBuffer(long capacity)
        {
            _capacity = Math.Max(capacity, 64);
            _memory = (byte*)Marshal.AllocHGlobal((IntPtr)_capacity);
            GC.AddMemoryPressure(_capacity);
        }

        /// <summary>Over memory of somebody else (a segment), who is told when it is not read any
        /// more.</summary>
        public NativeBuffer(byte* memory, long length, Action whenFree)
        {
            _memory = memory;
            _capacity = length;
            Length = length;
            _whenFree = whenFree;
            _borrowed = true;
        }

        /// <summary>Freed here when nobody did before.</summary>
        ~NativeBuffer()
        {
            Release();
        }

        /// <summary>The bytes.</summary>
        public byte* Memory
        {
            get { return _memory; }
        }

        /// <summary>Bytes in use.</summary>
        public long Length { get; private set; }

        /// <summary>Adds so many bytes, not cleared, and gives the place of the first.</summary>
        public byte* Append(long count)
        {
            Reserve(Length + count);
            var place = _memory + Length;
            Length += count;
            return place;
        }

        /// <summary>Adds bytes.</summary>
        public void Append(byte[] bytes)
        {
            if (bytes.Length > 0) Marshal.Copy(bytes, 0, (IntPtr)Append(bytes.LongLength), bytes.Length);
        }

        /// <summary>Gives the last bytes back.</summary>
        public void Shrink(long count)
        {
            Length -= count;
        }

        /// <summary>Zero bytes up to the next multiple of 8.</summary>
        public void Pad()
        {
            var missing = (int)(-Length & 7);
            if (missing == 0) return;
            var place = Append(missing);
            for (var i = 0; i < missing; i++) place[i] = 0;
        }

        /// <summary>Forgets the bytes, keeps the memory.</summary>
        public void Clear()
        {
            Length = 0;
        }

        private void Reserve(long wanted)
        {
            if (wanted <= _capacity) return;
            if (_borrowed) throw new InvalidOperationException("borrowed memory does not grow");
            var capacity = Math.Max(wanted, _capacity + _capacity / 2);
            _memory = (byte*)Marshal.ReAllocHGlobal((IntPtr)_memory, (IntPtr)capacity);
            GC.AddMemoryPressure(capacity - _capacity);
            _capacity = capacity;
        }

        /// <summary>Frees the memory.</summary>
        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            if (Interlocked.Exchange(ref _released, 1) != 0) return;
            if (_borrowed)
            {
                var whenFree = _whenFree;
                _whenFree = null;
                if (whenFree != null) whenFree();
                return;
            }
            Marshal.FreeHGlobal((IntPtr)_memory);
            GC.RemoveMemoryPressure(_capacity);
        }
    }
}
