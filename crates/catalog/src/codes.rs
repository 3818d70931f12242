//! The catalog's other number codes: operations, objects, messages, logging levels.
//!
//! Documented with the views `catalog.operations`, `catalog.event_messages` and kin.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* $variant = $code,)*
        }

        impl $name {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// SSIS's number.
            pub fn code(self) -> i32 {
                self as i32
            }

            /// What a number means.
            pub fn from_code(code: i64) -> Option<Self> {
                Self::ALL.iter().copied().find(|c| i64::from(c.code()) == code)
            }
        }

        impl From<$name> for crate::store::SqlValue {
            fn from(code: $name) -> Self {
                Self::Integer(i64::from(code.code()))
            }
        }

        impl crate::store::FromSql for $name {
            fn from_sql(value: crate::store::SqlValue) -> Option<Self> {
                Self::from_code(<i64 as crate::store::FromSql>::from_sql(value)?)
            }
        }
    };
}

codes!(
    /// `operation_type`
    OperationType {
        /// Start-up of the catalog.
        Startup = 1,
        /// Clean-up of operations beyond the retention window.
        RetentionCleanup = 2,
        /// Clean-up of surplus project versions.
        VersionCleanup = 3,
        /// deploy_project
        DeployProject = 101,
        /// restore_project
        RestoreProject = 106,
        /// create_execution, start_execution
        Execution = 200,
        /// stop_operation
        StopOperation = 202,
        /// configure_catalog
        ConfigureCatalog = 1000,
    }
);

codes!(
    /// `object_type` of parameters.
    ParameterScope {
        /// A project parameter.
        Project = 20,
        /// A package parameter.
        Package = 30,
        /// An option of the execution itself (`LOGGING_LEVEL`).
        Execution = 50,
    }
);

codes!(
    /// `message_type`
    MessageType {
        /// Unknown
        Unknown = -1,
        /// Pre-validate
        PreValidate = 10,
        /// Post-validate
        PostValidate = 20,
        /// Pre-execute
        PreExecute = 30,
        /// Post-execute
        PostExecute = 40,
        /// StatusChange
        StatusChange = 50,
        /// Progress
        Progress = 60,
        /// Information
        Information = 70,
        /// VariableValueChanged
        VariableValueChanged = 80,
        /// Diagnostic
        Diagnostic = 90,
        /// QueryCancel
        QueryCancel = 100,
        /// Warning
        Warning = 110,
        /// Error
        Error = 120,
        /// TaskFailed
        TaskFailed = 130,
        /// DiagnosticEx
        DiagnosticEx = 140,
        /// Custom
        Custom = 200,
        /// NonDiagnostic
        NonDiagnostic = 400,
    }
);

codes!(
    /// `message_source_type`
    MessageSource {
        /// The catalog's own procedures.
        EntryApi = 10,
        /// The process that runs the package.
        ExternalProcess = 20,
        /// The package.
        Package = 30,
        /// A task.
        Task = 40,
        /// A container.
        Container = 50,
        /// A data flow task.
        DataFlow = 60,
    }
);

codes!(
    /// `LOGGING_LEVEL`
    LoggingLevel {
        /// Only the status.
        None = 0,
        /// All events but custom and diagnostic ones.
        Basic = 1,
        /// Errors, warnings, statistics and component phases.
        Performance = 2,
        /// Everything.
        Verbose = 3,
        /// Lineage of data flows.
        RuntimeLineage = 4,
        /// By a customized level.
        Customized = 100,
    }
);
