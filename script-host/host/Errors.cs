// What went wrong in a script, in the form of PROTOCOL.md 2.1.

using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading;
using Packmule.Script;

namespace Packmule.ScriptHost
{
    /// <summary>The wrapper classes of a component do not fit its metadata.</summary>
    internal sealed class MismatchException : Exception
    {
        internal MismatchException(string message) : base(message)
        {
        }
    }

    /// <summary>Makes errors of exceptions.</summary>
    internal static class Errors
    {
        private const int MaximumInner = 10;
        private const int MaximumText = 100000;
        private static readonly Regex Address = new Regex(@"\s*\[0x[0-9a-fA-F]+\] in <[^>]*>:\d+\s*$", RegexOptions.Multiline);
        private static readonly Regex Blank = new Regex(@"(?<!\bat) \(");

        /// <summary>An error of the protocol's own kinds.</summary>
        internal static JsonObject Make(string kind, string text)
        {
            return new JsonObject().Add("kind", kind).Add("text", text);
        }

        /// <summary>The error of an exception that left a script (or the host's own work for it).</summary>
        internal static JsonObject Of(Exception exception, string phase, ScriptRun run, ScriptContext context)
        {
            var cause = exception;
            while (cause is TargetInvocationException && cause.InnerException != null) cause = cause.InnerException;
            if (context != null && context.ExitCode.HasValue) return Exited(context.ExitCode.Value, phase);
            if (run != null && run.Cancelled && (cause is ThreadAbortException || cause is ThreadInterruptedException))
            {
                return Make("cancelled", "The script was cancelled.").Add("phase", phase);
            }
            if (cause is MismatchException) return Make("mismatch", cause.Message);
            if (cause is JsonException) return Make("request", cause.Message);
            return OfScript(cause, phase);
        }

        private static JsonObject Exited(int code, string phase)
        {
            return Make("exit", "The script called Environment.Exit(" + code + ").").Add("code", code).Add("phase", phase);
        }

        private static JsonObject OfScript(Exception cause, string phase)
        {
            var inner = new List<JsonObject>();
            for (var next = cause.InnerException; next != null && inner.Count < MaximumInner; next = next.InnerException)
            {
                inner.Add(new JsonObject().Add("type", next.GetType().FullName).Add("text", MessageOf(next)));
            }
            var error = Make("script", MessageOf(cause)).Add("type", cause.GetType().FullName).Add("stack", StackOf(cause))
                .Add("code", cause.HResult).Add("phase", phase);
            if (inner.Count > 0) error.Add("inner", inner);
            return error;
        }

        private static string MessageOf(Exception e)
        {
            // Message is the script's own code when the exception class is.
            try
            {
                return Cut(e.Message ?? "");
            }
            catch (Exception broken)
            {
                return "(the exception's Message threw " + broken.GetType().Name + ")";
            }
        }

        private static string Cut(string text)
        {
            return text.Length > MaximumText ? text.Substring(0, MaximumText) + "…" : text;
        }

        /// <summary>The script's frames, written as .NET writes them; the host's own at the end are left
        /// out.</summary>
        private static string StackOf(Exception e)
        {
            var lines = new List<string>((e.StackTrace ?? "").Split('\n'));
            var last = lines.Count - 1;
            while (last > 0 && (IsOurs(lines[last]) || lines[last].Trim().Length == 0)) last--;
            var text = string.Join("\n", lines.GetRange(0, last + 1));
            return Cut(Blank.Replace(Address.Replace(text, ""), "(").Replace("\r", ""));
        }

        private static bool IsOurs(string line)
        {
            var frame = line.TrimStart();
            return frame.StartsWith("at Packmule.ScriptHost.", StringComparison.Ordinal)
                || frame.StartsWith("at System.Reflection.", StringComparison.Ordinal)
                || frame.StartsWith("at (wrapper", StringComparison.Ordinal)
                || frame.StartsWith("at System.RuntimeMethodHandle", StringComparison.Ordinal);
        }
    }
}
