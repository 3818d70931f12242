// The schema rowset TABLES of OLE DB, by which scripts list the tables of a database.

using System;
using System.Collections.Generic;
using System.Data;
using System.Data.Common;
using System.Linq;

namespace Packmule.Script.Data
{
    /// <summary>What OleDbConnection.GetOleDbSchemaTable gives. Documented: OLE DB, TABLES rowset.</summary>
    internal static class OleDbSchema
    {
        private const string OfSqlite =
            "SELECT NULL, NULL, name, CASE type WHEN 'view' THEN 'VIEW' ELSE 'TABLE' END FROM sqlite_master "
            + "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

        private const string OfPostgres =
            "SELECT table_catalog, table_schema, table_name, CASE WHEN table_schema IN ('pg_catalog', 'information_schema') "
            + "THEN CASE table_type WHEN 'VIEW' THEN 'SYSTEM VIEW' ELSE 'SYSTEM TABLE' END WHEN table_type = 'VIEW' THEN 'VIEW' ELSE 'TABLE' END "
            + "FROM information_schema.tables";

        /// <summary>Rows of the rowset: catalog, schema, name and type are restrictions in this order, null
        /// for any.</summary>
        internal static DataTable Read(DbConnection connection, Guid schema, object[] restrictions)
        {
            if (schema != OleDbSchemaGuid.Tables) throw new NotSupportedException("GetOleDbSchemaTable gives OleDbSchemaGuid.Tables here, not the rowset " + schema + "; ask the database's own catalog.");
            if (restrictions != null && restrictions.Length > 4) throw new ArgumentException("The rowset of tables has four restrictions: TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE.");
            var found = new List<string[]>();
            using (var command = connection.CreateCommand())
            {
                command.CommandText = connection.ServerVersion == "sqlite" ? OfSqlite : OfPostgres;
                using (var reader = command.ExecuteReader())
                {
                    while (reader.Read()) found.Add(Enumerable.Range(0, 4).Select(i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i))).ToArray());
                }
            }
            var rows = Empty();
            foreach (var table in found.Where(t => Fits(t, restrictions)).OrderBy(t => t[3], StringComparer.Ordinal).ThenBy(t => t[1], StringComparer.Ordinal).ThenBy(t => t[2], StringComparer.Ordinal))
            {
                rows.Rows.Add(table[0], table[1], table[2], table[3]);
            }
            return rows;
        }

        private static bool Fits(string[] table, object[] restrictions)
        {
            for (var i = 0; restrictions != null && i < restrictions.Length; i++)
            {
                var wanted = restrictions[i];
                if (wanted == null || wanted is DBNull) continue;
                if (!string.Equals(Convert.ToString(wanted), table[i], StringComparison.OrdinalIgnoreCase)) return false;
            }
            return true;
        }

        private static DataTable Empty()
        {
            var rows = new DataTable("Tables");
            foreach (var name in new[] { "TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE" }) rows.Columns.Add(name, typeof(string));
            rows.Columns.Add("TABLE_GUID", typeof(Guid));
            rows.Columns.Add("DESCRIPTION", typeof(string));
            rows.Columns.Add("TABLE_PROPID", typeof(long));
            rows.Columns.Add("DATE_CREATED", typeof(DateTime));
            rows.Columns.Add("DATE_MODIFIED", typeof(DateTime));
            return rows;
        }
    }
}
