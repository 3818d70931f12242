//! SSISDB: folders, projects, executions, messages; one set of rules over a store
