// What scripts use of System.Windows.Forms: message boxes that never wait.
//
// The rewriter turns references to System.Windows.Forms into references to this assembly, since an
// assembly of that name in Mono's own cache would win. Documented at learn.microsoft.com,
// System.Windows.Forms.MessageBox. Difference: see MessageBoxes in ScriptShim.

using System;
using System.Reflection;
using Packmule.Script;

[assembly: AssemblyVersion("4.0.0.0")]

namespace System.Windows.Forms
{
    /// <summary>Something with a window handle; scripts of SSIS 2005 implement none, their generated
    /// code names it.</summary>
    public interface IWin32Window
    {
        /// <summary>The window's handle.</summary>
        IntPtr Handle { get; }
    }

    /// <summary>Which button ended a dialog.</summary>
    public enum DialogResult
    {
        /// <summary>None yet.</summary>
        None = 0,

        /// <summary>OK.</summary>
        OK = 1,

        /// <summary>Cancel.</summary>
        Cancel = 2,

        /// <summary>Abort.</summary>
        Abort = 3,

        /// <summary>Retry.</summary>
        Retry = 4,

        /// <summary>Ignore.</summary>
        Ignore = 5,

        /// <summary>Yes.</summary>
        Yes = 6,

        /// <summary>No.</summary>
        No = 7,
    }

    /// <summary>The buttons of a message box.</summary>
    public enum MessageBoxButtons
    {
        /// <summary>OK.</summary>
        OK = 0,

        /// <summary>OK and Cancel.</summary>
        OKCancel = 1,

        /// <summary>Abort, Retry, Ignore.</summary>
        AbortRetryIgnore = 2,

        /// <summary>Yes, No, Cancel.</summary>
        YesNoCancel = 3,

        /// <summary>Yes and No.</summary>
        YesNo = 4,

        /// <summary>Retry and Cancel.</summary>
        RetryCancel = 5,
    }

    /// <summary>The picture in a message box; not shown.</summary>
    public enum MessageBoxIcon
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>An X.</summary>
        Hand = 16,

        /// <summary>An X.</summary>
        Stop = 16,

        /// <summary>An X.</summary>
        Error = 16,

        /// <summary>A question mark.</summary>
        Question = 32,

        /// <summary>An exclamation mark.</summary>
        Exclamation = 48,

        /// <summary>An exclamation mark.</summary>
        Warning = 48,

        /// <summary>An i.</summary>
        Asterisk = 64,

        /// <summary>An i.</summary>
        Information = 64,
    }

    /// <summary>Which button the Enter key means. Documented as the button that answers; the
    /// report's answer follows the table of buttons all the same, so that a script runs alike with
    /// and without it.</summary>
    public enum MessageBoxDefaultButton
    {
        /// <summary>The first.</summary>
        Button1 = 0,

        /// <summary>The second.</summary>
        Button2 = 256,

        /// <summary>The third.</summary>
        Button3 = 512,
    }

    /// <summary>How a message box is shown; not used.</summary>
    [Flags]
    public enum MessageBoxOptions
    {
        /// <summary>On the active desktop.</summary>
        DefaultDesktopOnly = 131072,

        /// <summary>Text to the right.</summary>
        RightAlign = 524288,

        /// <summary>Read from right to left.</summary>
        RtlReading = 1048576,

        /// <summary>On the desktop of a service.</summary>
        ServiceNotification = 2097152,
    }

    /// <summary>Message boxes.</summary>
    public class MessageBox
    {
        private MessageBox()
        {
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text)
        {
            return Answer(text, "", MessageBoxButtons.OK);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text, string caption)
        {
            return Answer(text, caption, MessageBoxButtons.OK);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text, string caption, MessageBoxButtons buttons)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon, MessageBoxDefaultButton defaultButton)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon, MessageBoxDefaultButton defaultButton, MessageBoxOptions options)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon, MessageBoxDefaultButton defaultButton, MessageBoxOptions options, bool displayHelpButton)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(IWin32Window owner, string text)
        {
            return Answer(text, "", MessageBoxButtons.OK);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(IWin32Window owner, string text, string caption)
        {
            return Answer(text, caption, MessageBoxButtons.OK);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(IWin32Window owner, string text, string caption, MessageBoxButtons buttons)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(IWin32Window owner, string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(IWin32Window owner, string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon, MessageBoxDefaultButton defaultButton)
        {
            return Answer(text, caption, buttons);
        }

        /// <summary>Reports the text and answers the default button.</summary>
        public static DialogResult Show(IWin32Window owner, string text, string caption, MessageBoxButtons buttons, MessageBoxIcon icon, MessageBoxDefaultButton defaultButton, MessageBoxOptions options)
        {
            return Answer(text, caption, buttons);
        }

        private static DialogResult Answer(string text, string caption, MessageBoxButtons buttons)
        {
            return (DialogResult)MessageBoxes.Answer(text, caption, (int)buttons, "MessageBox");
        }
    }

    /// <summary>What scripts ask of the running application.</summary>
    public sealed class Application
    {
        private Application()
        {
        }

        /// <summary>There is no queue of window messages: nothing to do.</summary>
        public static void DoEvents()
        {
        }

        /// <summary>The script's current folder; on Windows the folder of the host program.</summary>
        public static string StartupPath
        {
            get { return ScriptContext.Current.CurrentDirectory; }
        }
    }
}
