// Unit tests of the libraries that scripts stand on. Expected values are those of Microsoft's
// documentation (the page of each function), or worked out by hand.
//
// Usage: units.exe FOLDER   (a folder to make for files)

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

/// <summary>Runs the tests and counts what fails.</summary>
internal static partial class Units
{
    private static int _done;
    private static int _failed;
    private static string _folder;

    private static int Main(string[] args)
    {
        _folder = Path.GetFullPath(args[0]);
        Directory.CreateDirectory(_folder);
        Packmule.Script.Platform.Prepare();
        Thread.CurrentThread.CurrentCulture = Packmule.Script.Platform.AsOnWindows(new CultureInfo("en-US"));
        foreach (var test in new Action[] { Conversions, Numbers, Texts, Formats, Dates, Operators, Comparisons, LateBinding, Values, Money, Errors, Collections, NumberedFiles, FileIO, Parser, Paths, Mapping, Folders, RecordSets, Databases, Scripts, UserAssemblies, Refusals })
        {
            try
            {
                test();
            }
            catch (Exception e)
            {
                _failed++;
                Console.WriteLine("FAILED " + test.Method.Name + ": " + e);
            }
        }
        Console.WriteLine("{0} checks, {1} failed", _done, _failed);
        return _failed == 0 ? 0 : 1;
    }

    private static void Is<T>(T expected, T actual, string what)
    {
        _done++;
        if (EqualityComparer<T>.Default.Equals(expected, actual)) return;
        _failed++;
        Console.WriteLine("FAILED {0}: expected {1}, found {2}", what, Show(expected), Show(actual));
    }

    private static string Show(object value)
    {
        return value == null ? "null" : value.GetType().Name + " '" + value + "'";
    }

    private static void Near(double expected, double actual, double tolerance, string what)
    {
        _done++;
        if (Math.Abs(expected - actual) <= tolerance) return;
        _failed++;
        Console.WriteLine("FAILED {0}: expected {1}, found {2}", what, expected, actual);
    }

    private static void Throws<T>(Action action, string what)
        where T : Exception
    {
        _done++;
        try
        {
            action();
        }
        catch (T)
        {
            return;
        }
        catch (Exception e)
        {
            _failed++;
            Console.WriteLine("FAILED {0}: expected {1}, found {2}", what, typeof(T).Name, e);
            return;
        }
        _failed++;
        Console.WriteLine("FAILED {0}: expected {1}, nothing thrown", what, typeof(T).Name);
    }

    private static void InCulture(string name, Action action)
    {
        var before = Thread.CurrentThread.CurrentCulture;
        Thread.CurrentThread.CurrentCulture = Packmule.Script.Platform.AsOnWindows(new CultureInfo(name));
        try
        {
            action();
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }
}
