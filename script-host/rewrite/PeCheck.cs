// Sizes in a binary are compared with its length before anything believes them.
//
// A damaged script must not make the host reserve gigabytes. Layout: ECMA-335, II.24 and II.25.

using System;

namespace Packmule.Script.Rewrite
{
    /// <summary>Looks at the headers of a .NET binary.</summary>
    internal sealed class PeCheck
    {
        private const int SectionsMax = 96;
        private readonly byte[] _bytes;
        private int _sections;
        private int _sectionCount;

        private PeCheck(byte[] bytes)
        {
            _bytes = bytes;
        }

        /// <summary>The binary, with the zeros at its end that SSIS 2005 left out: it stores its binaries
        /// without the last bytes of what only fills the last section up.</summary>
        /// <exception cref="BadImageFormatException">A size does not fit the file.</exception>
        public static byte[] Run(byte[] bytes)
        {
            var whole = new PeCheck(bytes).Filled();
            new PeCheck(whole).Headers();
            return whole;
        }

        private byte[] Filled()
        {
            if (At(0, 2) != 0x5A4D) throw new BadImageFormatException("it does not begin with MZ");
            var pe = At(0x3C, 4);
            var optional = pe + 24;
            var sections = optional + At(pe + 20, 2);
            long end = 0;
            for (var i = 0; i < Math.Min(SectionsMax, At(pe + 6, 2)); i++)
            {
                end = Math.Max(end, At(sections + i * 40 + 16, 4) + At(sections + i * 40 + 20, 4));
            }
            // A section is filled up to a multiple of this.
            var alignment = Math.Min(4096, At(optional + 36, 4));
            if (end <= _bytes.Length || end - _bytes.Length >= alignment) return _bytes;
            var whole = new byte[end];
            Buffer.BlockCopy(_bytes, 0, whole, 0, _bytes.Length);
            return whole;
        }

        /// <summary>.NET's own assemblies hold machine code beside their IL and say for which processor and
        /// system, in numbers that Cecil 0.9 does not know. For their metadata it is all one.</summary>
        public static byte[] ForAnyMachine(byte[] bytes)
        {
            const int I386 = 0x014C, AMD64 = 0x8664;
            var pe = (int)new PeCheck(bytes).At(0x3C, 4);
            var wide = new PeCheck(bytes).At(pe + 24, 2) == 0x20B;
            BitConverter.GetBytes((ushort)(wide ? AMD64 : I386)).CopyTo(bytes, pe + 4);
            return bytes;
        }

        private static BadImageFormatException Bad(string what)
        {
            return new BadImageFormatException(what + " does not fit the file");
        }

        private long At(long offset, int size)
        {
            if (offset < 0 || offset + size > _bytes.Length) throw Bad("an offset");
            long value = 0;
            for (var i = size - 1; i >= 0; i--) value = (value << 8) | _bytes[offset + i];
            return value;
        }

        private void Headers()
        {
            var pe = At(0x3C, 4);
            if (At(pe, 4) != 0x4550) throw new BadImageFormatException("it has no PE header");
            _sectionCount = (int)At(pe + 6, 2);
            if (_sectionCount > SectionsMax) throw Bad("the number of sections");
            var optional = pe + 24;
            var wide = At(optional, 2) == 0x20B;
            _sections = checked((int)(optional + At(pe + 20, 2)));
            for (var i = 0; i < _sectionCount; i++)
            {
                if (At(_sections + i * 40 + 16, 4) + At(_sections + i * 40 + 20, 4) > _bytes.Length) throw Bad("a section");
            }
            // Directory 14 is the CLI header, and the metadata's directory is its third field.
            var cli = Offset(At(optional + (wide ? 112 : 96) + 14 * 8, 4));
            var root = Offset(At(cli + 8, 4));
            if (root + At(cli + 12, 4) > _bytes.Length) throw Bad("the metadata");
            Streams(root);
        }

        private long Offset(long address)
        {
            for (var i = 0; i < _sectionCount; i++)
            {
                long start = At(_sections + i * 40 + 12, 4), size = At(_sections + i * 40 + 16, 4);
                if (address >= start && address < start + size) return At(_sections + i * 40 + 20, 4) + address - start;
            }
            throw Bad("an address");
        }

        private void Streams(long root)
        {
            if (At(root, 4) != 0x424A5342) throw new BadImageFormatException("it has no metadata");
            var at = root + 16 + At(root + 12, 4);
            var count = At(at + 2, 2);
            at += 4;
            for (var i = 0; i < count; i++)
            {
                long offset = At(at, 4), size = At(at + 4, 4);
                if (root + offset + size > _bytes.Length) throw Bad("a stream");
                var isTables = At(at + 8, 2) == '#' + ('~' << 8) || At(at + 8, 2) == '#' + ('-' << 8);
                for (at += 8; At(at, 1) != 0; at++)
                {
                }
                at += 4 - ((at - root) & 3);
                if (isTables) Tables(root + offset, size);
            }
        }

        /// <summary>No table has more rows than its stream has bytes.</summary>
        private void Tables(long stream, long size)
        {
            var valid = (ulong)At(stream + 8, 8);
            var at = stream + 24;
            for (; valid != 0; valid &= valid - 1, at += 4)
            {
                if (At(at, 4) > size) throw Bad("a table");
            }
        }
    }
}
