//! What a run gives on to its child packages.

use crate::package_run::ParameterInput;

/// Options of the run that reach child packages too.
#[derive(Debug, Default)]
pub(crate) struct Inherited {
    /// `System::InteractiveMode`
    pub(crate) interactive: bool,
    /// `System::ServerExecutionID`; 0 outside the catalog.
    pub(crate) server_execution_id: i64,
    /// Values of project parameters that were given from outside.
    pub(crate) project_parameters: Vec<(String, ParameterInput)>,
}
