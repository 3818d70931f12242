// The configuration file of the program, which a script's process does not have.

using System.Collections;
using System.Collections.Specialized;

namespace System.Configuration
{
    /// <summary>Entries of the configuration file: none.</summary>
    public static class ConfigurationManager
    {
        private static readonly NameValueCollection Empty = new NameValueCollection();
        private static readonly ConnectionStringSettingsCollection NoConnections = new ConnectionStringSettingsCollection();

        /// <summary>Its settings.</summary>
        public static NameValueCollection AppSettings
        {
            get { return Empty; }
        }

        /// <summary>Its connections.</summary>
        public static ConnectionStringSettingsCollection ConnectionStrings
        {
            get { return NoConnections; }
        }

        /// <summary>One of its sections: null.</summary>
        public static object GetSection(string sectionName)
        {
            return null;
        }
    }

    /// <summary>The same for scripts of .NET 1.</summary>
    public sealed class ConfigurationSettings
    {
        private ConfigurationSettings()
        {
        }

        /// <summary>Its settings.</summary>
        public static NameValueCollection AppSettings
        {
            get { return ConfigurationManager.AppSettings; }
        }
    }

    /// <summary>A connection of the configuration file.</summary>
    public sealed class ConnectionStringSettings
    {
        /// <summary>Its name.</summary>
        public string Name { get; set; }

        /// <summary>Its connection string.</summary>
        public string ConnectionString { get; set; }

        /// <summary>Its provider.</summary>
        public string ProviderName { get; set; }
    }

    /// <summary>The connections of the configuration file.</summary>
    public sealed class ConnectionStringSettingsCollection : IEnumerable
    {
        /// <summary>How many there are.</summary>
        public int Count
        {
            get { return 0; }
        }

        /// <summary>One of them, null when it is not there.</summary>
        public ConnectionStringSettings this[string name]
        {
            get { return null; }
        }

        /// <summary>All of them.</summary>
        public IEnumerator GetEnumerator()
        {
            return new ConnectionStringSettings[0].GetEnumerator();
        }
    }
}
