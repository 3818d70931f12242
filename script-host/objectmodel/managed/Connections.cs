// Microsoft.SqlServer.ManagedDTS: connection managers, for Script Tasks.

using System;
using System.Collections;
using System.Collections.Generic;
using Microsoft.SqlServer.Dts.Runtime.Wrapper;
using Packmule.ScriptHost;

namespace Microsoft.SqlServer.Dts.Runtime
{
    /// <summary>A connection manager of the package or project. Documented: class ConnectionManager.</summary>
    public class ConnectionManager : DtsObject
    {
        private readonly ScriptRun _run;
        private readonly ConnectionSlot _slot;

        /// <summary>Made by the host.</summary>
        public ConnectionManager(ScriptRun run, ConnectionSlot slot)
        {
            _run = run;
            _slot = slot;
        }

        /// <inheritdoc/>
        protected override object Identity { get { return _slot; } }

        internal ScriptRun Run { get { return _run; } }
        internal ConnectionSlot Slot { get { return _slot; } }

        /// <summary>What the manager gives out, by its type: FILE, FLATFILE and the like the path of this
        /// computer; SMTP its settings as text; ADO.NET an open connection; FTP and HTTP an object for
        /// FtpClientConnection and HttpClientConnection. OLEDB, EXCEL, ODBC and ADO throw, as their native
        /// objects cannot be used in managed code: open a System.Data connection by ConnectionString. The
        /// transaction is not used: there are none over scripts.</summary>
        public object AcquireConnection(object txn) { return _slot.Acquire(); }

        /// <summary>Gives back what was acquired; database connections are closed.</summary>
        public void ReleaseConnection(object connection) { _slot.Release(connection); }

        /// <summary>The effective string, after expressions and parameters, without password. Setting holds for
        /// the rest of the execution.</summary>
        public string ConnectionString
        {
            get { return _slot.GetString(); }
            set { _slot.SetString(value); }
        }

        /// <summary>Name; setting holds for the rest of the execution.</summary>
        public string Name
        {
            get { return _slot.Name; }
            set { _slot.SetName(value); }
        }

        /// <summary>Description; setting holds for the rest of the execution.</summary>
        public string Description
        {
            get { return _slot.Description; }
            set { _slot.SetDescription(value); }
        }

        /// <summary>GUID in braces.</summary>
        public string ID { get { return _slot.Id; } }
        /// <summary>Type of the manager (OLEDB, FLATFILE, ADO.NET:…).</summary>
        public string CreationName { get { return _slot.Kind; } }
        /// <summary>Qualifier.</summary>
        public string Qualifier { get { return _slot.Qualifier; } }
        /// <summary>The manager's inner object.</summary>
        /// <remarks>Has IDTSConnectionManagerDatabaseParameters100 only.</remarks>
        public object InnerObject { get { return new HostedInner(_run, _slot); } }
        /// <summary>Whether connections take part in distributed transactions.</summary>
        /// <remarks>Always false.</remarks>
        public bool SupportsDTCTransactions { get { return false; } }

        /// <summary>The properties by name.</summary>
        public DtsProperties Properties { get { return new DtsProperties(_slot); } }

        /// <summary>Gives a property an expression.</summary>
        /// <remarks>Refused: throws. Set the value, or give it its expression in the package.</remarks>
        public void SetExpression(string propertyName, string expression) { Properties[propertyName].SetExpression(this, expression); }

        /// <summary>The expression of a property.</summary>
        /// <remarks>Refused: throws.</remarks>
        public string GetExpression(string propertyName) { return Properties[propertyName].GetExpression(this); }

        /// <summary>As the connection managers of the package.</summary>
        public override string ToString() { return _slot.Name; }
    }

    /// <summary>The connection managers of package and project. Documented: class Connections.</summary>
    public class Connections : DTSCollectionBase
    {
        private readonly ScriptRun _run;
        private readonly List<ConnectionManager> _managers = new List<ConnectionManager>();

        /// <summary>Made by the host.</summary>
        public Connections(ScriptRun run, IEnumerable<ConnectionSlot> slots)
        {
            _run = run;
            foreach (var slot in slots) _managers.Add(new ConnectionManager(run, slot));
        }

        /// <inheritdoc/>
        public override int Count { get { return _managers.Count; } }

        /// <summary>By name, GUID or position. Missing: 0xC001000E.</summary>
        public ConnectionManager this[object index]
        {
            get
            {
                var found = Find(index);
                if ((object)found == null)
                {
                    throw _run.Fail(Codes.ConnectionNotFound,
                        "The connection \"" + index + "\" is not found. This error is thrown by Connections collection when the specific connection element is not found.");
                }
                return found;
            }
        }

        private ConnectionManager Find(object index)
        {
            if (index is int || index is short || index is long)
            {
                var at = Convert.ToInt64(index);
                return at >= 0 && at < _managers.Count ? _managers[(int)at] : null;
            }
            var name = Convert.ToString(index);
            return _managers.Find(m => m.Name == name)
                ?? _managers.Find(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? _managers.Find(m => string.Equals(m.ID, name, StringComparison.OrdinalIgnoreCase));
        }

        /// <summary>Whether a manager is there.</summary>
        public bool Contains(object index) { return (object)Find(index) != null; }

        /// <summary>Makes a connection manager.</summary>
        /// <remarks>It lives as long as the script runs.</remarks>
        public ConnectionManager Add(string connectionType)
        {
            var made = new ConnectionManager(_run, new ConnectionSlot(_run, connectionType ?? ""));
            _managers.Add(made);
            return made;
        }

        /// <summary>Takes a manager out of the collection.</summary>
        /// <remarks>Out of this script's only; the package keeps it.</remarks>
        public void Remove(object index) { _managers.Remove(this[index]); }

        /// <summary>The managers one by one.</summary>
        public ConnectionEnumerator GetEnumerator() { return new ConnectionEnumerator(_managers.ToArray()); }

        /// <inheritdoc/>
        protected override IEnumerator Elements() { return GetEnumerator(); }
    }

    /// <summary>Goes over connection managers.</summary>
    public sealed class ConnectionEnumerator : DtsEnumerator
    {
        /// <summary>Made by Connections.</summary>
        public ConnectionEnumerator(IList elements) : base(elements)
        {
        }

        /// <summary>The current manager.</summary>
        public ConnectionManager Current { get { return (ConnectionManager)CurrentElement; } }
    }

    /// <summary>Between the classes of this namespace and the interfaces of Runtime.Wrapper. Documented: class
    /// DtsConvert.</summary>
    public sealed class DtsConvert
    {
        private DtsConvert()
        {
        }

        /// <summary>The interface of a manager.</summary>
        public static IDTSConnectionManager100 GetExtendedInterface(ConnectionManager source)
        {
            return new HostedConnection(source.Run, source.Slot);
        }

        /// <summary>The interface of a manager (2008).</summary>
        public static IDTSConnectionManager100 ToConnectionManager100(ConnectionManager source)
        {
            return GetExtendedInterface(source);
        }

        /// <summary>The interface of a manager (2005).</summary>
        public static IDTSConnectionManager90 ToConnectionManager90(ConnectionManager source)
        {
            return new HostedConnection(source.Run, source.Slot);
        }

        /// <summary>The manager behind an interface.</summary>
        public static ConnectionManager GetWrapper(IDTSConnectionManager100 source)
        {
            var hosted = source as HostedConnection;
            if (hosted == null) throw new ArgumentException("The interface is not one of this host.", "source");
            return new ConnectionManager(hosted.Run, hosted.Slot);
        }
    }
}
