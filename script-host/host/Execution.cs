// The settings of the one execution that a host serves, and the scripts it has loaded.

using System;
using System.Collections.Generic;
using System.Data.Common;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Packmule.Script;
using Packmule.Script.Rewrite;

namespace Packmule.ScriptHost
{
    /// <summary>Settings and loaded scripts.</summary>
    internal sealed class Execution
    {
        private readonly Dictionary<long, LoadedScript> _scripts = new Dictionary<long, LoadedScript>();
        private readonly List<KeyValuePair<string, string>> _paths = new List<KeyValuePair<string, string>>();
        private readonly string _directory;
        private readonly string _newLine;
        private readonly bool _strictMessageBox;
        private readonly long _dataLimit;
        private readonly Encoding _ansi;

        /// <summary>The host's and .NET's, known since the warm-up.</summary>
        internal static readonly Lazy<Libraries> OwnLibraries = new Lazy<Libraries>(() => new Libraries(HostFolder, new string[0]));

        /// <summary>Of the header of "execution".</summary>
        internal Execution(JsonObject from)
        {
            var culture = from.Text("culture");
            try
            {
                Culture = Platform.AsOnWindows(culture == null ? CultureInfo.CurrentCulture : new CultureInfo(culture, false));
            }
            catch (CultureNotFoundException)
            {
                throw new JsonException("there is no culture \"" + culture + "\" here");
            }
            foreach (var path in from.Objects("paths"))
            {
                _paths.Add(new KeyValuePair<string, string>(path.Text("from", ""), path.Text("to", "")));
            }
            _directory = from.Text("directory") ?? Environment.CurrentDirectory;
            if (!Directory.Exists(_directory)) throw new JsonException("the folder \"" + _directory + "\" is not there");
            _newLine = from.Text("new_line", "\r\n");
            _strictMessageBox = from.Flag("strict_message_box");
            var page = from.Int("ansi_code_page");
            if (page != 0) _ansi = CodePages.Get(page);
            UsesSegments = from.Flag("segments");
            _dataLimit = from.Integer("data_limit");
            try
            {
                var folders = from.Texts("libraries").ToList();
                Libraries = folders.Count == 0 ? OwnLibraries.Value : new Libraries(HostFolder, folders);
            }
            catch (DirectoryNotFoundException e)
            {
                throw new JsonException(e.Message);
            }
        }

        /// <summary>Makes the settings those of the process.</summary>
        internal void Apply()
        {
            CultureInfo.DefaultThreadCurrentCulture = Culture;
            Environment.CurrentDirectory = _directory;
            if (_dataLimit > 0) Native.LimitData(_dataLimit);
        }

        internal static string HostFolder
        {
            get { return Path.GetDirectoryName(typeof(Execution).Assembly.Location); }
        }

        internal CultureInfo Culture { get; private set; }
        internal Libraries Libraries { get; private set; }
        internal bool UsesSegments { get; private set; }

        internal ScriptContext NewContext(ScriptRun run)
        {
            return new ScriptContext
            {
                Name = run.Name,
                Host = run,
                Paths = new PathMap(_paths),
                NewLine = _newLine,
                StrictMessageBox = _strictMessageBox,
                AnsiEncoding = _ansi,
                CurrentDirectory = _directory,
            };
        }

        internal void Add(long id, LoadedScript script)
        {
            lock (_scripts) _scripts[id] = script;
        }

        internal void Remove(long id)
        {
            lock (_scripts) _scripts.Remove(id);
        }

        internal LoadedScript Script(long id)
        {
            lock (_scripts)
            {
                LoadedScript found;
                if (_scripts.TryGetValue(id, out found)) return found;
            }
            throw new JsonException("no script " + id + " is loaded");
        }
    }
}
