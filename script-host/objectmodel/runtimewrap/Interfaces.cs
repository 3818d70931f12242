// Microsoft.SqlServer.DTSRuntimeWrap: the interfaces that Script Components use for variables and
// connections. In SSIS these are COM interfaces of the run-time engine; here they are plain
// interfaces. Each exists as …100 (2008 and later) and as …90 (2005).
//
// Documented at learn.microsoft.com, namespace Microsoft.SqlServer.Dts.Runtime.Wrapper.

using System.Collections;

namespace Microsoft.SqlServer.Dts.Runtime.Wrapper
{
    /// <summary>Under what name a variable is read; opaque. ScriptComponent.EvaluatorContext is one.</summary>
    public interface IDTSEvaluatorContext100
    {
    }

    /// <summary>A variable. Documented: IDTSVariable100.</summary>
    public interface IDTSVariable100
    {
        /// <summary>Name without namespace.</summary>
        /// <remarks>Cannot be set: variables do not change at run time.</remarks>
        string Name { get; }
        /// <summary>Namespace (User, System, $Package, $Project, own).</summary>
        string Namespace { get; }
        /// <summary>Namespace::Name.</summary>
        string QualifiedName { get; }
        /// <summary>The value. Writing needs a variable locked for writing and a value of exactly its type
        /// (0xC0010003, 0xC001F009).</summary>
        object Value { get; set; }
        /// <summary>The value, for the named context.</summary>
        /// <remarks>The context has no effect.</remarks>
        object GetValueWithContext(IDTSEvaluatorContext100 context);
        /// <summary>GUID in braces.</summary>
        string ID { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Whether the variable's own property forbids writing.</summary>
        bool ReadOnly { get; }
        /// <summary>Whether the value comes from an expression.</summary>
        bool EvaluateAsExpression { get; }
        /// <summary>The expression, empty if none.</summary>
        string Expression { get; }
    }

    /// <summary>Variables that were locked together. Documented: IDTSVariables100.</summary>
    public interface IDTSVariables100 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name, qualified name or position; 0xC0010009 when it is not there.</summary>
        IDTSVariable100 this[object index] { get; }
        /// <summary>Number of variables.</summary>
        int Count { get; }
        /// <summary>Whether it is there.</summary>
        bool Contains(object index);
        /// <summary>Releases the locks. No effect on the lists of the component, which the host holds.</summary>
        void Unlock();
        /// <summary>Whether the locks are held.</summary>
        bool Locked { get; }
    }

    /// <summary>Locks variables by name. Documented: IDTSVariableDispenser100.</summary>
    public interface IDTSVariableDispenser100
    {
        /// <summary>Puts a variable on the list of those to lock for reading.</summary>
        void LockForRead(string variable);
        /// <summary>Puts a variable on the list of those to lock for writing.</summary>
        void LockForWrite(string variable);
        /// <summary>Locks what is on the lists (0xC0014054, 0xC0014055) and empties the lists.</summary>
        void GetVariables(out IDTSVariables100 variables);
        /// <summary>Locks one variable for reading.</summary>
        void LockOneForRead(string variable, ref IDTSVariables100 variables);
        /// <summary>Locks one variable for writing.</summary>
        void LockOneForWrite(string variable, ref IDTSVariables100 variables);
        /// <summary>Empties the lists.</summary>
        void Reset();
        /// <summary>Whether a variable of this name can be locked.</summary>
        bool Contains(string variable);
        /// <summary>Namespace::Name of a variable (0xC0010001).</summary>
        string GetQualifiedName(string variable);
    }

    /// <summary>The class of the dispenser, to which some scripts cast.</summary>
    public interface VariableDispenser : IDTSVariableDispenser100
    {
    }

    /// <summary>A connection manager. Documented: IDTSConnectionManager100.</summary>
    public interface IDTSConnectionManager100
    {
        /// <summary>Name.</summary>
        string Name { get; set; }
        /// <summary>GUID in braces.</summary>
        string ID { get; }
        /// <summary>Description.</summary>
        string Description { get; set; }
        /// <summary>Type (CreationName).</summary>
        string CreationName { get; }
        /// <summary>The effective string, without password; setting holds for the rest of the execution.</summary>
        string ConnectionString { get; set; }
        /// <summary>What the manager gives out: a path, an open connection of System.Data … Managers of
        /// native connections (OLEDB, EXCEL, ODBC) throw, for their objects cannot be used in managed
        /// code.</summary>
        object AcquireConnection(object transaction);
        /// <summary>Gives it back; database connections are closed.</summary>
        void ReleaseConnection(object connection);
        /// <summary>The manager's inner object.</summary>
        /// <remarks>Has IDTSConnectionManagerDatabaseParameters100 only.</remarks>
        object InnerObject { get; }
    }

    /// <summary>Inner object of connection managers of databases. Documented.</summary>
    public interface IDTSConnectionManagerDatabaseParameters100
    {
        /// <summary>A connection of System.Data.OleDb over the manager's string.</summary>
        object GetConnectionForSchema();
    }

    /// <summary>As <see cref="IDTSEvaluatorContext100"/>, for 2005.</summary>
    public interface IDTSEvaluatorContext90
    {
    }

    /// <summary>As <see cref="IDTSVariable100"/>, for 2005.</summary>
    public interface IDTSVariable90
    {
        /// <summary>Name without namespace.</summary>
        string Name { get; }
        /// <summary>Namespace.</summary>
        string Namespace { get; }
        /// <summary>Namespace::Name.</summary>
        string QualifiedName { get; }
        /// <summary>The value.</summary>
        object Value { get; set; }
        /// <summary>The value, for the named context.</summary>
        /// <remarks>The context has no effect.</remarks>
        object GetValueWithContext(IDTSEvaluatorContext90 context);
        /// <summary>GUID in braces.</summary>
        string ID { get; }
        /// <summary>Description.</summary>
        string Description { get; }
        /// <summary>Whether the variable's own property forbids writing.</summary>
        bool ReadOnly { get; }
    }

    /// <summary>As <see cref="IDTSVariables100"/>, for 2005.</summary>
    public interface IDTSVariables90 : IEnumerable
    {
        /// <summary>The elements one by one.</summary>
        new IEnumerator GetEnumerator();
        /// <summary>By name, qualified name or position.</summary>
        IDTSVariable90 this[object index] { get; }
        /// <summary>Number of variables.</summary>
        int Count { get; }
        /// <summary>Whether it is there.</summary>
        bool Contains(object index);
        /// <summary>Releases the locks.</summary>
        void Unlock();
        /// <summary>Whether the locks are held.</summary>
        bool Locked { get; }
    }

    /// <summary>As <see cref="IDTSVariableDispenser100"/>, for 2005.</summary>
    public interface IDTSVariableDispenser90
    {
        /// <summary>Puts a variable on the list of those to lock for reading.</summary>
        void LockForRead(string variable);
        /// <summary>Puts a variable on the list of those to lock for writing.</summary>
        void LockForWrite(string variable);
        /// <summary>Locks what is on the lists and empties them.</summary>
        void GetVariables(out IDTSVariables90 variables);
        /// <summary>Locks one variable for reading.</summary>
        void LockOneForRead(string variable, ref IDTSVariables90 variables);
        /// <summary>Locks one variable for writing.</summary>
        void LockOneForWrite(string variable, ref IDTSVariables90 variables);
        /// <summary>Empties the lists.</summary>
        void Reset();
        /// <summary>Whether a variable of this name can be locked.</summary>
        bool Contains(string variable);
        /// <summary>Namespace::Name of a variable.</summary>
        string GetQualifiedName(string variable);
    }

    /// <summary>As <see cref="IDTSConnectionManager100"/>, for 2005.</summary>
    public interface IDTSConnectionManager90
    {
        /// <summary>Name.</summary>
        string Name { get; set; }
        /// <summary>GUID in braces.</summary>
        string ID { get; }
        /// <summary>Description.</summary>
        string Description { get; set; }
        /// <summary>Type (CreationName).</summary>
        string CreationName { get; }
        /// <summary>The effective string, without password.</summary>
        string ConnectionString { get; set; }
        /// <summary>What the manager gives out.</summary>
        object AcquireConnection(object transaction);
        /// <summary>Gives it back.</summary>
        void ReleaseConnection(object connection);
        /// <summary>The manager's inner object.</summary>
        object InnerObject { get; }
    }
}
