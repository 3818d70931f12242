// Collection: the list with optional keys that Visual Basic has had since its beginning.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.Collection: positions begin at 1, keys
// are compared without case, an unknown key is an ArgumentException, a position outside an
// IndexOutOfRangeException.

using System;
using System.Collections;
using System.Collections.Generic;

namespace Microsoft.VisualBasic
{
    /// <summary>A list whose items may have keys.</summary>
    [Serializable]
    public sealed class Collection : IList
    {
        [Serializable]
        private sealed class Entry
        {
            public string Key;
            public object Value;
        }

        private readonly List<Entry> _entries = new List<Entry>();
        private readonly Dictionary<string, Entry> _byKey = new Dictionary<string, Entry>(StringComparer.CurrentCultureIgnoreCase);

        /// <summary>Number of items.</summary>
        public int Count
        {
            get { return _entries.Count; }
        }

        /// <summary>An item by position from 1.</summary>
        public object this[int Index]
        {
            get { return _entries[Position(Index)].Value; }
        }

        /// <summary>An item by key.</summary>
        public object this[string Key]
        {
            get { return ByKey(Key).Value; }
        }

        /// <summary>An item by position or key.</summary>
        public object this[object Index]
        {
            get
            {
                var key = Index as string;
                if (key != null) return this[key];
                var chars = Index as char[];
                if (chars != null) return this[new string(chars)];
                if (Index is char) return this[Index.ToString()];
                return this[ToPosition(Index)];
            }
        }

        private static int ToPosition(object index)
        {
            try
            {
                return CompilerServices.Conversions.ToInteger(index);
            }
            catch (InvalidCastException)
            {
                throw new ArgumentException("Argument 'Index' is not a valid value.");
            }
        }

        private int Position(int index)
        {
            if (index < 1 || index > _entries.Count) throw new IndexOutOfRangeException("Collection index must be in the range 1 to the size of the collection.");
            return index - 1;
        }

        private Entry ByKey(string key)
        {
            if (key == null) throw new IndexOutOfRangeException("Argument 'Key' is not a valid value.");
            Entry entry;
            if (!_byKey.TryGetValue(key, out entry)) throw new ArgumentException("Argument 'Index' is not a valid value.");
            return entry;
        }

        /// <summary>Adds an item.</summary>
        /// <param name="Item">The item.</param>
        /// <param name="Key">Its key; null for none.</param>
        /// <param name="Before">Position or key of the item that follows.</param>
        /// <param name="After">Position or key of the item before it.</param>
        public void Add(object Item, string Key = null, object Before = null, object After = null)
        {
            if (Before != null && After != null) throw new ArgumentException("'Before' and 'After' arguments cannot be combined.");
            var at = _entries.Count;
            if (Before != null) at = PlaceOf(Before);
            if (After != null) at = PlaceOf(After) + 1;
            var entry = new Entry { Key = Key, Value = Item };
            if (Key != null)
            {
                if (_byKey.ContainsKey(Key)) throw new ArgumentException("Add failed. Duplicate key value supplied.");
                _byKey.Add(Key, entry);
            }
            _entries.Insert(at, entry);
        }

        private int PlaceOf(object place)
        {
            var key = place as string;
            return key != null ? _entries.IndexOf(ByKey(key)) : Position(ToPosition(place));
        }

        /// <summary>Whether a key is in use.</summary>
        public bool Contains(string Key)
        {
            if (Key == null) throw new ArgumentException("Argument 'Key' is not a valid value.");
            return _byKey.ContainsKey(Key);
        }

        /// <summary>Takes away the item with a key.</summary>
        public void Remove(string Key)
        {
            var entry = ByKey(Key);
            _byKey.Remove(Key);
            _entries.Remove(entry);
        }

        /// <summary>Takes away the item at a position from 1.</summary>
        public void Remove(int Index)
        {
            var at = Position(Index);
            if (_entries[at].Key != null) _byKey.Remove(_entries[at].Key);
            _entries.RemoveAt(at);
        }

        /// <summary>Takes away all items.</summary>
        public void Clear()
        {
            _entries.Clear();
            _byKey.Clear();
        }

        /// <summary>The items in order; items added meanwhile are gone over too.</summary>
        public IEnumerator GetEnumerator()
        {
            for (var i = 0; i < _entries.Count; i++) yield return _entries[i].Value;
        }

        bool IList.IsFixedSize
        {
            get { return false; }
        }

        bool IList.IsReadOnly
        {
            get { return false; }
        }

        bool ICollection.IsSynchronized
        {
            get { return false; }
        }

        object ICollection.SyncRoot
        {
            get { return this; }
        }

        object IList.this[int index]
        {
            get { return _entries[index].Value; }
            set { _entries[index].Value = value; }
        }

        int IList.Add(object value)
        {
            Add(value);
            return _entries.Count - 1;
        }

        bool IList.Contains(object value)
        {
            return ((IList)this).IndexOf(value) >= 0;
        }

        int IList.IndexOf(object value)
        {
            return _entries.FindIndex(e => Equals(e.Value, value));
        }

        void IList.Insert(int index, object value)
        {
            _entries.Insert(index, new Entry { Value = value });
        }

        void IList.Remove(object value)
        {
            var at = ((IList)this).IndexOf(value);
            if (at >= 0) Remove(at + 1);
        }

        void IList.RemoveAt(int index)
        {
            Remove(index + 1);
        }

        void ICollection.CopyTo(Array array, int index)
        {
            foreach (var item in this) array.SetValue(item, index++);
        }
    }
}
