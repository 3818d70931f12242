// Message boxes: never shown, always reported, answered with the default button.
//
// SSIS under a Windows service throws InvalidOperationException from MessageBox.Show; dtexec at a
// console waits for somebody to click. Here the text becomes an event and the script goes on, unless
// ScriptContext.StrictMessageBox asks for the exception.

using System;

namespace Packmule.Script
{
    /// <summary>What MessageBox.Show and MsgBox share.</summary>
    public static class MessageBoxes
    {
        /// <summary>The numbers of System.Windows.Forms.DialogResult and MsgBoxResult, which agree.</summary>
        private const int Ok = 1, Cancel = 2, Ignore = 5, Yes = 6;

        /// <summary>Reports the text and returns the default answer for a set of buttons.</summary>
        /// <param name="text">The message.</param>
        /// <param name="caption">The window's title.</param>
        /// <param name="buttons">0 OK, 1 OKCancel, 2 AbortRetryIgnore, 3 YesNoCancel, 4 YesNo, 5 RetryCancel.</param>
        /// <param name="what">"MessageBox" or "MsgBox".</param>
        /// <exception cref="InvalidOperationException">When message boxes are strict.</exception>
        public static int Answer(string text, string caption, int buttons, string what)
        {
            var context = ScriptContext.Current;
            if (context.StrictMessageBox)
            {
                throw new InvalidOperationException("Showing a modal dialog box or form when the application is not running in "
                    + "UserInteractive mode is not a valid operation. Specify the ServiceNotification or DefaultDesktopOnly style "
                    + "to display a notification from a service application.");
            }
            var title = string.IsNullOrEmpty(caption) ? "" : caption + ": ";
            context.Host.Report(ReportKind.Information, 0, what, "MessageBox: " + title + text);
            switch (buttons)
            {
                case 2:
                    return Ignore;
                case 3:
                case 4:
                    return Yes;
                case 5:
                    return Cancel;
                default:
                    return Ok;
            }
        }
    }
}
