// The names of OLE DB's schema rowsets: in Mono they are all zeros.

using System;

namespace Packmule.Script.Data
{
    /// <summary>Stands for System.Data.OleDb.OleDbSchemaGuid in scripts. Values: oledb.h, DBSCHEMA_….</summary>
    [StandsFor("System.Data.OleDb.OleDbSchemaGuid")]
    public sealed class OleDbSchemaGuid
    {
        private OleDbSchemaGuid()
        {
        }

        private static Guid Schema(byte number)
        {
            return new Guid(0xC8B52200 | number, 0x5CF3, 0x11CE, 0xAD, 0xE5, 0x00, 0xAA, 0x00, 0x44, 0x77, 0x3D);
        }

        /// <summary>Assertions.</summary>
        public static readonly Guid Assertions = Schema(0x10);
        /// <summary>Catalogs.</summary>
        public static readonly Guid Catalogs = Schema(0x11);
        /// <summary>Character sets.</summary>
        public static readonly Guid Character_Sets = Schema(0x12);
        /// <summary>Check constraints.</summary>
        public static readonly Guid Check_Constraints = Schema(0x15);
        /// <summary>Collations.</summary>
        public static readonly Guid Collations = Schema(0x13);
        /// <summary>Column domain usage.</summary>
        public static readonly Guid Column_Domain_Usage = Schema(0x1B);
        /// <summary>Column privileges.</summary>
        public static readonly Guid Column_Privileges = Schema(0x21);
        /// <summary>Columns.</summary>
        public static readonly Guid Columns = Schema(0x14);
        /// <summary>Constraint column usage.</summary>
        public static readonly Guid Constraint_Column_Usage = Schema(0x16);
        /// <summary>Constraint table usage.</summary>
        public static readonly Guid Constraint_Table_Usage = Schema(0x17);
        /// <summary>Foreign keys.</summary>
        public static readonly Guid Foreign_Keys = Schema(0xC4);
        /// <summary>Indexes.</summary>
        public static readonly Guid Indexes = Schema(0x1E);
        /// <summary>Key column usage.</summary>
        public static readonly Guid Key_Column_Usage = Schema(0x18);
        /// <summary>Primary keys.</summary>
        public static readonly Guid Primary_Keys = Schema(0xC5);
        /// <summary>Procedure columns.</summary>
        public static readonly Guid Procedure_Columns = Schema(0xC9);
        /// <summary>Procedure parameters.</summary>
        public static readonly Guid Procedure_Parameters = Schema(0xB8);
        /// <summary>Procedures.</summary>
        public static readonly Guid Procedures = Schema(0x24);
        /// <summary>Provider types.</summary>
        public static readonly Guid Provider_Types = Schema(0x2C);
        /// <summary>Referential constraints.</summary>
        public static readonly Guid Referential_Constraints = Schema(0x19);
        /// <summary>Schemata.</summary>
        public static readonly Guid Schemata = Schema(0x25);
        /// <summary>Sql languages.</summary>
        public static readonly Guid Sql_Languages = Schema(0x26);
        /// <summary>Statistics.</summary>
        public static readonly Guid Statistics = Schema(0x27);
        /// <summary>Table constraints.</summary>
        public static readonly Guid Table_Constraints = Schema(0x1A);
        /// <summary>Table privileges.</summary>
        public static readonly Guid Table_Privileges = Schema(0x22);
        /// <summary>Tables.</summary>
        public static readonly Guid Tables = Schema(0x29);
        /// <summary>Translations.</summary>
        public static readonly Guid Translations = Schema(0x2A);
        /// <summary>Usage privileges.</summary>
        public static readonly Guid Usage_Privileges = Schema(0x23);
        /// <summary>View column usage.</summary>
        public static readonly Guid View_Column_Usage = Schema(0x2E);
        /// <summary>View table usage.</summary>
        public static readonly Guid View_Table_Usage = Schema(0x2F);
        /// <summary>Views.</summary>
        public static readonly Guid Views = Schema(0x2D);
    }
}
