// Microsoft.SqlServer.SQLTask: what scripts that only name the assembly need. The task itself, with
// which scripts build packages, is left out on purpose (see ManagedDTS).

namespace Microsoft.SqlServer.Dts.Tasks.ExecuteSQLTask
{
    /// <summary>Where a statement comes from. Documented.</summary>
    public enum SqlStatementSourceType
    {
        /// <summary>Text in the task.</summary>
        DirectInput = 1,
        /// <summary>A file.</summary>
        FileConnection = 2,
        /// <summary>A variable.</summary>
        Variable = 3,
    }
}
