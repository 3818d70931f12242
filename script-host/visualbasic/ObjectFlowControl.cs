// Loops over values whose types are known at run time only.
//
// Documented at learn.microsoft.com, Microsoft.VisualBasic.CompilerServices.ObjectFlowControl.

using System;
using System.ComponentModel;

namespace Microsoft.VisualBasic.CompilerServices
{
    /// <summary>Helpers for statements.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class ObjectFlowControl
    {
        private ObjectFlowControl()
        {
        }

        /// <summary>SyncLock needs an object, not a simple value.</summary>
        public static void CheckForSyncLockOnValueType(object Expression)
        {
            if (Expression is ValueType) throw new ArgumentException("'SyncLock' operand cannot be of type '" + Information.TypeName(Expression) + "' because '" + Information.TypeName(Expression) + "' is not a reference type.");
        }

        /// <summary>For loops over Object.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public sealed class ForLoopControl
        {
            private object _counter;
            private object _limit;
            private object _step;
            private bool _up;

            private ForLoopControl()
            {
            }

            /// <summary>Begins a loop; false when it has no turn.</summary>
            public static bool ForLoopInitObj(object Counter, object Start, object Limit, object StepValue, ref object LoopForResult, ref object CounterResult)
            {
                if (Start == null) throw new ArgumentException("Argument 'Start' cannot be Nothing.");
                if (Limit == null) throw new ArgumentException("Argument 'Limit' cannot be Nothing.");
                if (StepValue == null) throw new ArgumentException("Argument 'Step' cannot be Nothing.");
                var meet = Operators.Meet(Operators.Meet(Operators.CodeOf(Start), Operators.CodeOf(Limit)), Operators.CodeOf(StepValue));
                if (meet == TypeCode.Empty) throw new ArgumentException("'For' loop control variable cannot be of type '" + Information.TypeName(Start) + "'.");
                var type = Type.GetType("System." + meet);
                var loop = new ForLoopControl
                {
                    _counter = Conversions.ChangeType(Start, type),
                    _limit = Conversions.ChangeType(Limit, type),
                    _step = Conversions.ChangeType(StepValue, type),
                };
                loop._up = Operators.CompareObject(loop._step, 0, false) >= 0;
                LoopForResult = loop;
                CounterResult = loop._counter;
                return loop.Goes();
            }

            private bool Goes()
            {
                var order = Operators.CompareObject(_counter, _limit, false);
                return _up ? order <= 0 : order >= 0;
            }

            /// <summary>The next turn; false when there is none.</summary>
            public static bool ForNextCheckObj(object Counter, object LoopObj, ref object CounterResult)
            {
                var loop = LoopObj as ForLoopControl;
                if (loop == null) throw new NullReferenceException("For loop not initialized.");
                if (Counter == null) throw new NullReferenceException("Argument 'Counter' cannot be Nothing.");
                loop._counter = Operators.AddObject(Counter, loop._step);
                CounterResult = loop._counter;
                return loop.Goes();
            }

            /// <summary>Whether a loop over Single goes on.</summary>
            public static bool ForNextCheckR4(float count, float limit, float StepValue)
            {
                return StepValue >= 0 ? count <= limit : count >= limit;
            }

            /// <summary>Whether a loop over Double goes on.</summary>
            public static bool ForNextCheckR8(double count, double limit, double StepValue)
            {
                return StepValue >= 0 ? count <= limit : count >= limit;
            }

            /// <summary>Whether a loop over Decimal goes on.</summary>
            public static bool ForNextCheckDec(decimal count, decimal limit, decimal StepValue)
            {
                return StepValue >= 0 ? count <= limit : count >= limit;
            }
        }
    }

    /// <summary>The host of scripts of SSIS 2005: only carried.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public interface IVbHost
    {
        /// <summary>The window over which message boxes open.</summary>
        System.Windows.Forms.IWin32Window GetParentWindow();

        /// <summary>The title of message boxes without one.</summary>
        string GetWindowTitle();
    }

    /// <summary>Where the host of scripts of SSIS 2005 is kept.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class HostServices
    {
        /// <summary>Made by the generated code of a script.</summary>
        public HostServices()
        {
        }

        /// <summary>The host; kept, and not asked for anything.</summary>
        public static IVbHost VBHost { get; set; }
    }
}
