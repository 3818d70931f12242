// Err, and what compilers put round it: ProjectData, errors of Visual Basic by number.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.ErrObject, Information.Err and
// "Error Messages (Visual Basic)". Err is kept for each thread.

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.VisualBasic
{
    /// <summary>The last error of a thread.</summary>
    public sealed class ErrObject
    {
        private Exception _exception;
        private int _number;
        private string _description;
        private string _source;
        private int _line;

        internal ErrObject()
        {
        }

        internal void Capture(Exception exception, int line)
        {
            Clear();
            _exception = exception;
            _line = line;
        }

        /// <summary>Forgets the error.</summary>
        public void Clear()
        {
            _exception = null;
            _number = 0;
            _description = null;
            _source = null;
            _line = 0;
        }

        /// <summary>Text of the error; empty without one.</summary>
        public string Description
        {
            get { return _description ?? (_exception == null ? "" : _exception.Message); }
            set { _description = value; }
        }

        /// <summary>Number of the line, when the source has line numbers.</summary>
        public int Erl
        {
            get { return _line; }
        }

        /// <summary>The error's place in a help file; 0 here.</summary>
        public int HelpContext { get; set; }

        /// <summary>The help file; empty unless set.</summary>
        public string HelpFile
        {
            get { return _helpFile ?? (_exception == null ? "" : _exception.HelpLink ?? ""); }
            set { _helpFile = value; }
        }

        private string _helpFile;

        /// <summary>Error of the last call of a Windows library; scripts make none here.</summary>
        public int LastDllError
        {
            get { return Marshal.GetLastWin32Error(); }
        }

        /// <summary>Number of the error; 0 without one.</summary>
        public int Number
        {
            get { return _number != 0 || _exception == null ? _number : CompilerServices.VBErrors.NumberOf(_exception); }
            set { _number = value; }
        }

        /// <summary>Where it comes from; empty without an error.</summary>
        public string Source
        {
            get { return _source ?? (_exception == null ? "" : _exception.Source ?? ""); }
            set { _source = value; }
        }

        /// <summary>The exception behind the error, or null.</summary>
        public Exception GetException()
        {
            return _exception;
        }

        /// <summary>Throws the exception of an error number.</summary>
        /// <exception cref="ArgumentException">Number 0.</exception>
        public void Raise(int Number, object Source = null, object Description = null, object HelpFile = null, object HelpContext = null)
        {
            if (Number == 0) throw new ArgumentException("Argument 'Number' is not a valid value.");
            var text = Description == null ? null : CompilerServices.Conversions.ToString(Description);
            var exception = CompilerServices.VBErrors.ExceptionOf(Number, text);
            Capture(exception, 0);
            _number = Number;
            exception.Source = Source == null ? Assembly.GetCallingAssembly().GetName().Name : CompilerServices.Conversions.ToString(Source);
            if (HelpFile != null) exception.HelpLink = CompilerServices.Conversions.ToString(HelpFile);
            if (HelpContext != null) this.HelpContext = CompilerServices.Conversions.ToInteger(HelpContext);
            throw exception;
        }
    }
}

namespace Microsoft.VisualBasic.CompilerServices
{
    /// <summary>Error numbers of Visual Basic with their exceptions and texts.</summary>
    internal static class VBErrors
    {
        private static readonly Dictionary<int, string> Texts = new Dictionary<int, string>
        {
            { 3, "Return without GoSub." }, { 5, "Procedure call or argument is not valid." }, { 6, "Overflow." }, { 7, "Out of memory." },
            { 9, "Subscript out of range." }, { 10, "This array is fixed or temporarily locked." }, { 11, "Division by zero." }, { 13, "Type mismatch." },
            { 14, "Out of string space." }, { 20, "Resume without error." }, { 28, "Out of stack space." }, { 35, "Sub or Function not defined." },
            { 48, "Error in loading DLL." }, { 51, "Internal error." }, { 52, "Bad file name or number." }, { 53, "File not found." },
            { 54, "Bad file mode." }, { 55, "File already open." }, { 57, "Device I/O error." }, { 58, "File already exists." }, { 59, "Bad record length." },
            { 61, "Disk full." }, { 62, "Input past end of file." }, { 63, "Bad record number." }, { 67, "Too many files." }, { 68, "Device unavailable." },
            { 70, "Permission denied." }, { 71, "Disk not ready." }, { 74, "Cannot rename with different drive." }, { 75, "Path/File access error." },
            { 76, "Path not found." }, { 91, "Object variable or With block variable not set." }, { 92, "For loop not initialized." }, { 93, "Invalid pattern string." },
            { 94, "Invalid use of Null." }, { 422, "Property not found." }, { 424, "Object required." }, { 429, "ActiveX component can't create object." },
            { 432, "File name or class name not found during Automation operation." }, { 438, "Object doesn't support this property or method." },
            { 440, "Automation error." }, { 445, "Object doesn't support this action." }, { 446, "Object doesn't support named arguments." },
            { 448, "Named argument not found." }, { 449, "Argument not optional." }, { 450, "Wrong number of arguments or invalid property assignment." },
            { 451, "Object not a collection." }, { 453, "Specified DLL function not found." }, { 457, "This key is already associated with an element of this collection." },
        };

        /// <summary>The exception that stands for a number, with a text or the number's own.</summary>
        public static Exception ExceptionOf(int number, string text)
        {
            string own;
            if (text == null) text = Texts.TryGetValue(number & 0xFFFF, out own) ? own : "Application-defined or object-defined error.";
            switch (number)
            {
                case 5:
                case 13 + 0x10000:
                case 446:
                case 448:
                case 449:
                    return new ArgumentException(text);
                case 3:
                case 20:
                case 94:
                case 100:
                    return new InvalidOperationException(text);
                case 6:
                    return new OverflowException(text);
                case 7:
                case 14:
                    return new OutOfMemoryException(text);
                case 9:
                    return new IndexOutOfRangeException(text);
                case 11:
                    return new DivideByZeroException(text);
                case 13:
                    return new InvalidCastException(text);
                case 48:
                case 429:
                    return new TypeLoadException(text);
                case 52:
                case 54:
                case 55:
                case 57:
                case 58:
                case 59:
                case 61:
                case 63:
                case 67:
                case 68:
                case 70:
                case 71:
                case 74:
                case 75:
                    return new IOException(text);
                case 53:
                case 432:
                    return new FileNotFoundException(text);
                case 62:
                    return new EndOfStreamException(text);
                case 76:
                    return new DirectoryNotFoundException(text);
                case 91:
                    return new NullReferenceException(text);
                case 422:
                case 438:
                    return new MissingMemberException(text);
                case 453:
                    return new EntryPointNotFoundException(text);
                default:
                    return new Exception(text);
            }
        }

        /// <summary>The number that an exception stands for; 5 when there is none of its own.</summary>
        public static int NumberOf(Exception e)
        {
            if (e is IndexOutOfRangeException || e is RankException || e is ArrayTypeMismatchException) return 9;
            if (e is DivideByZeroException) return 11;
            if (e is OverflowException || e is NotFiniteNumberException) return 6;
            if (e is ArithmeticException) return 6;
            if (e is InvalidCastException) return 13;
            if (e is NullReferenceException) return 91;
            if (e is OutOfMemoryException) return 7;
            if (e is EndOfStreamException) return 62;
            if (e is FileNotFoundException) return 53;
            if (e is DirectoryNotFoundException) return 76;
            if (e is IOException) return 57;
            if (e is MissingFieldException) return 422;
            if (e is MissingMemberException) return 438;
            if (e is EntryPointNotFoundException) return 453;
            if (e is DllNotFoundException) return 53;
            if (e is TypeLoadException) return 429;
            return 5;
        }
    }

    /// <summary>What the compiler calls at the beginning and end of Catch blocks.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class ProjectData
    {
        [ThreadStatic]
        private static ErrObject _error;

        private ProjectData()
        {
        }

        internal static ErrObject Error
        {
            get { return _error ?? (_error = new ErrObject()); }
        }

        /// <summary>Sets Err from an exception.</summary>
        public static void SetProjectError(Exception ex)
        {
            Error.Capture(ex, 0);
        }

        /// <summary>Sets Err from an exception at a numbered line.</summary>
        public static void SetProjectError(Exception ex, int lErl)
        {
            Error.Capture(ex, lErl);
        }

        /// <summary>Clears Err.</summary>
        public static void ClearProjectError()
        {
            Error.Clear();
        }

        /// <summary>The exception of an error number (the Error statement).</summary>
        public static Exception CreateProjectError(int hr)
        {
            var exception = VBErrors.ExceptionOf(hr, null);
            Error.Capture(exception, 0);
            Error.Number = hr;
            return exception;
        }

        /// <summary>The End statement: closes VB's files and ends the script.</summary>
        public static void EndApp()
        {
            FileSystem.Reset();
            Packmule.Script.IO.SystemMembers.Environment_Exit(0);
        }
    }

    /// <summary>Helpers of the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Utils
    {
        private Utils()
        {
        }

        /// <summary>ReDim Preserve: copies what fits; only the last dimension may differ.</summary>
        public static Array CopyArray(Array arySrc, Array aryDest)
        {
            if (arySrc == null || arySrc.Length == 0) return aryDest;
            if (arySrc.Rank != aryDest.Rank) throw new InvalidCastException("'ReDim' cannot change the number of dimensions.");
            var last = arySrc.Rank - 1;
            for (var i = 0; i < last; i++)
            {
                if (arySrc.GetUpperBound(i) != aryDest.GetUpperBound(i)) throw new ArrayTypeMismatchException("'ReDim' can only change the right-most dimension.");
            }
            int from = arySrc.GetLength(last), to = aryDest.GetLength(last);
            if (from == 0) return aryDest;
            var rows = arySrc.Length / from;
            for (var row = 0; row < rows; row++) Array.Copy(arySrc, row * from, aryDest, row * to, Math.Min(from, to));
            return aryDest;
        }
    }
}
