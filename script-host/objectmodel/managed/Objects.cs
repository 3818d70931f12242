// Microsoft.SqlServer.ManagedDTS: bases and exceptions.
//
// Documented at learn.microsoft.com, namespace Microsoft.SqlServer.Dts.Runtime. Of the classes
// that build packages those without tasks are in Packages.cs; the check before a run names a missing
// class, and the script is refused.

using System;
using System.Collections;
using System.Runtime.Serialization;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>Result of an executable.</summary>
    public enum DTSExecResult
    {
        /// <summary>Success.</summary>
        Success = 0,
        /// <summary>Failure.</summary>
        Failure = 1,
        /// <summary>Ran to its end, whatever came of it.</summary>
        Completion = 2,
        /// <summary>Cancelled.</summary>
        Canceled = 3,
    }

    /// <summary>Base of the object model. Two objects are equal when they stand for the same thing.</summary>
    public abstract class DtsObject
    {
        /// <summary>What the object stands for; the object itself unless it says otherwise.</summary>
        protected virtual object Identity { get { return null; } }

        /// <summary>Whether both stand for the same thing.</summary>
        public override bool Equals(object other)
        {
            var that = other as DtsObject;
            if ((object)that == null) return false;
            return ReferenceEquals(this, that) || (Identity != null && ReferenceEquals(Identity, that.Identity));
        }

        /// <summary>Fits <see cref="Equals"/>.</summary>
        public override int GetHashCode()
        {
            return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Identity ?? this);
        }

        /// <summary>Whether both stand for the same thing.</summary>
        public static bool operator ==(DtsObject a, DtsObject b)
        {
            return (object)a == null ? (object)b == null : a.Equals(b);
        }

        /// <summary>Whether they stand for different things.</summary>
        public static bool operator !=(DtsObject a, DtsObject b)
        {
            return !(a == b);
        }
    }

    /// <summary>A collection that cannot be changed.</summary>
    public abstract class DTSReadOnlyCollectionBase : DtsObject, IEnumerable
    {
        /// <summary>Number of elements.</summary>
        public abstract int Count { get; }

        /// <summary>The elements one by one.</summary>
        protected abstract IEnumerator Elements();

        IEnumerator IEnumerable.GetEnumerator()
        {
            return Elements();
        }
    }

    /// <summary>A collection that grows.</summary>
    public abstract class DTSCollectionBase : DTSReadOnlyCollectionBase
    {
    }

    /// <summary>Goes over a collection.</summary>
    public abstract class DtsEnumerator : DtsObject, IEnumerator
    {
        private readonly IList _elements;
        private int _at = -1;

        /// <summary>Over elements.</summary>
        protected DtsEnumerator(IList elements)
        {
            _elements = elements;
        }

        /// <summary>The current element.</summary>
        protected object CurrentElement
        {
            get
            {
                if (_at < 0 || _at >= _elements.Count) throw new InvalidOperationException("The enumerator is before the first or after the last element.");
                return _elements[_at];
            }
        }

        object IEnumerator.Current { get { return CurrentElement; } }

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext()
        {
            if (_at >= _elements.Count) return false;
            return ++_at < _elements.Count;
        }

        /// <summary>Goes before the first element.</summary>
        public void Reset()
        {
            _at = -1;
        }
    }

    /// <summary>Base of SSIS's exceptions. Documented.</summary>
    [Serializable]
    public class DtsException : Exception
    {
        /// <summary>Without text.</summary>
        public DtsException()
        {
        }

        /// <summary>With a text.</summary>
        public DtsException(string message) : base(message)
        {
        }

        /// <summary>With a text and a cause.</summary>
        public DtsException(string message, Exception innerException) : base(message, innerException)
        {
        }

        /// <summary>With SSIS's code and text.</summary>
        public DtsException(int code, string message) : base(message)
        {
            HResult = code;
        }

        /// <summary>For serialization.</summary>
        protected DtsException(SerializationInfo info, StreamingContext context) : base(info, context)
        {
        }

        /// <summary>SSIS's code.</summary>
        public int ErrorCode
        {
            get { return HResult; }
            set { HResult = value; }
        }
    }

    /// <summary>An error of the run time, with its code: 0xC0010009 for a missing element, 0xC0010003 for
    /// a write to a read-only variable, 0xC001F009 for a value of another type … Documented.</summary>
    [Serializable]
    public class DtsRuntimeException : DtsException
    {
        /// <summary>With SSIS's code and text.</summary>
        public DtsRuntimeException(int code, string message) : base(code, message)
        {
        }

        /// <summary>For serialization.</summary>
        protected DtsRuntimeException(SerializationInfo info, StreamingContext context) : base(info, context)
        {
        }
    }
}
