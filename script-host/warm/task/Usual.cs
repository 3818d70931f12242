// What nearly every project of the designer has besides its script, and the libraries that scripts
// use most: the check of a script's references has then read their metadata already.

using System.IO;
using System.Windows.Forms;

namespace WarmUp
{
    /// <summary>As the designer generates it.</summary>
    internal sealed class Settings : System.Configuration.ApplicationSettingsBase
    {
        private static readonly Settings TheDefault = (Settings)Synchronized(new Settings());

        public static Settings Default
        {
            get { return TheDefault; }
        }
    }

    /// <summary>As the designer generates it.</summary>
    internal class Resources
    {
        private static System.Resources.ResourceManager _manager;

        internal static System.Resources.ResourceManager ResourceManager
        {
            get { return _manager ?? (_manager = new System.Resources.ResourceManager("Resources", typeof(Resources).Assembly)); }
        }
    }

    /// <summary>Never runs.</summary>
    internal static class Usual
    {
        internal static void Use(string path)
        {
            if (!File.Exists(Path.Combine(path, "x"))) MessageBox.Show(path);
            var table = new System.Data.DataTable();
            table.Columns.Add(new System.Xml.XmlDocument().InnerXml);
            using (var client = new System.Net.WebClient()) client.DownloadFile(path, path);
            System.Linq.Enumerable.Count(new System.Text.RegularExpressions.Regex(path).GetGroupNames());
        }
    }
}
