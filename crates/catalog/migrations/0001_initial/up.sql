-- Times are UTC microseconds, Booleans are 0 and 1, ids of workers are GUID texts.
CREATE TABLE catalog_properties (
    property_name TEXT PRIMARY KEY,
    property_value TEXT NOT NULL
);
CREATE TABLE master_properties (
    property_name TEXT PRIMARY KEY,
    property_value TEXT NOT NULL
);
CREATE TABLE folders (
    folder_id {id},
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_time BIGINT NOT NULL
);
CREATE TABLE projects (
    project_id {id},
    folder_id BIGINT NOT NULL REFERENCES folders (folder_id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    project_format_version INTEGER NOT NULL,
    deployed_by_name TEXT NOT NULL,
    last_deployed_time BIGINT NOT NULL,
    created_time BIGINT NOT NULL,
    object_version_lsn BIGINT NOT NULL,
    UNIQUE (folder_id, name_key)
);
CREATE TABLE project_streams (
    content_hash TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    stream {blob} NOT NULL
);
CREATE TABLE project_versions (
    object_version_lsn {id},
    project_id BIGINT NOT NULL,
    object_name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_time BIGINT NOT NULL,
    restored_by TEXT,
    last_restored_time BIGINT,
    content_hash TEXT NOT NULL REFERENCES project_streams (content_hash)
);
CREATE INDEX project_versions_project ON project_versions (project_id);
CREATE TABLE packages (
    package_id {id},
    project_id BIGINT NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    package_guid TEXT NOT NULL,
    description TEXT NOT NULL,
    package_format_version INTEGER NOT NULL,
    version_major INTEGER NOT NULL,
    version_minor INTEGER NOT NULL,
    version_build INTEGER NOT NULL,
    version_comments TEXT NOT NULL,
    version_guid TEXT NOT NULL,
    entry_point INTEGER NOT NULL,
    UNIQUE (project_id, name_key)
);
CREATE TABLE object_parameters (
    parameter_id {id},
    project_id BIGINT NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    object_type INTEGER NOT NULL,
    object_name TEXT NOT NULL,
    parameter_name TEXT NOT NULL,
    data_type TEXT NOT NULL,
    required INTEGER NOT NULL,
    sensitive INTEGER NOT NULL,
    description TEXT NOT NULL,
    design_value {blob},
    default_value {blob},
    value_set INTEGER NOT NULL,
    UNIQUE (project_id, object_type, object_name, parameter_name)
);
CREATE TABLE operations (
    operation_id {id},
    operation_type INTEGER NOT NULL,
    created_time BIGINT NOT NULL,
    object_type INTEGER,
    object_id BIGINT,
    object_name TEXT,
    status INTEGER NOT NULL,
    start_time BIGINT,
    end_time BIGINT,
    caller_name TEXT NOT NULL,
    process_id INTEGER,
    stopped_by_name TEXT,
    machine_name TEXT NOT NULL
);
CREATE INDEX operations_ended ON operations (end_time);
CREATE TABLE operation_messages (
    operation_message_id {id},
    operation_id BIGINT NOT NULL REFERENCES operations (operation_id) ON DELETE CASCADE,
    message_time BIGINT NOT NULL,
    message_type INTEGER NOT NULL,
    message_source_type INTEGER NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX operation_messages_operation ON operation_messages (operation_id);
CREATE TABLE executions (
    execution_id BIGINT PRIMARY KEY REFERENCES operations (operation_id) ON DELETE CASCADE,
    folder_name TEXT NOT NULL,
    project_name TEXT NOT NULL,
    package_name TEXT NOT NULL,
    project_id BIGINT NOT NULL,
    project_lsn BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    executed_as_name TEXT NOT NULL,
    use32bitruntime INTEGER NOT NULL,
    run_in_scaleout INTEGER NOT NULL,
    use_any_worker INTEGER NOT NULL,
    retry_count INTEGER NOT NULL,
    logging_level INTEGER NOT NULL,
    executed_count INTEGER NOT NULL,
    queued INTEGER NOT NULL,
    ready_time BIGINT,
    worker_agent_id TEXT,
    held INTEGER NOT NULL,
    lease_until BIGINT,
    total_physical_memory_kb BIGINT,
    available_physical_memory_kb BIGINT,
    cpu_count INTEGER
);
CREATE INDEX executions_queue ON executions (ready_time, execution_id) WHERE queued = 1;
CREATE INDEX executions_leases ON executions (lease_until) WHERE held = 1;
CREATE INDEX executions_project ON executions (project_id);
CREATE TABLE execution_workers (
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    worker_agent_id TEXT NOT NULL,
    PRIMARY KEY (execution_id, worker_agent_id)
);
CREATE TABLE execution_attempts (
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    worker_agent_id TEXT NOT NULL,
    execution_instance_guid TEXT NOT NULL,
    claimed_time BIGINT NOT NULL,
    start_time BIGINT,
    end_time BIGINT,
    outcome INTEGER,
    reason TEXT,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (execution_id, attempt)
);
CREATE TABLE execution_parameter_values (
    execution_parameter_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    object_type INTEGER NOT NULL,
    parameter_data_type TEXT NOT NULL,
    parameter_name TEXT NOT NULL,
    parameter_value {blob},
    sensitive INTEGER NOT NULL,
    required INTEGER NOT NULL,
    value_set INTEGER NOT NULL,
    runtime_override INTEGER NOT NULL,
    UNIQUE (execution_id, object_type, parameter_name)
);
CREATE TABLE execution_property_override_values (
    property_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    property_path TEXT NOT NULL,
    property_value {blob} NOT NULL,
    sensitive INTEGER NOT NULL,
    UNIQUE (execution_id, property_path)
);
CREATE TABLE event_messages (
    event_message_id {id},
    operation_id BIGINT NOT NULL REFERENCES operations (operation_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    number BIGINT NOT NULL,
    message_time BIGINT NOT NULL,
    message_type INTEGER NOT NULL,
    message_source_type INTEGER NOT NULL,
    message TEXT NOT NULL,
    package_name TEXT NOT NULL,
    event_name TEXT NOT NULL,
    message_source_name TEXT NOT NULL,
    message_source_id TEXT NOT NULL,
    subcomponent_name TEXT NOT NULL,
    package_path TEXT NOT NULL,
    execution_path TEXT NOT NULL,
    thread_id INTEGER NOT NULL,
    message_code INTEGER NOT NULL,
    event_message_guid TEXT NOT NULL,
    remedy TEXT,
    UNIQUE (operation_id, attempt, number)
);
CREATE TABLE executables (
    executable_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    executable_name TEXT NOT NULL,
    executable_guid TEXT NOT NULL,
    package_name TEXT NOT NULL,
    package_path TEXT NOT NULL,
    UNIQUE (execution_id, package_name, package_path)
);
CREATE TABLE executable_statistics (
    statistics_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    number BIGINT NOT NULL,
    executable_id BIGINT NOT NULL,
    execution_path TEXT NOT NULL,
    start_time BIGINT NOT NULL,
    end_time BIGINT NOT NULL,
    execution_duration BIGINT NOT NULL,
    execution_result INTEGER NOT NULL,
    execution_value TEXT,
    UNIQUE (execution_id, attempt, number)
);
CREATE TABLE execution_component_phases (
    phase_stats_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    number BIGINT NOT NULL,
    package_name TEXT NOT NULL,
    task_name TEXT NOT NULL,
    subcomponent_name TEXT NOT NULL,
    phase TEXT NOT NULL,
    start_time BIGINT NOT NULL,
    end_time BIGINT NOT NULL,
    execution_path TEXT NOT NULL,
    UNIQUE (execution_id, attempt, number)
);
CREATE TABLE execution_data_statistics (
    data_stats_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    package_name TEXT NOT NULL,
    task_name TEXT NOT NULL,
    dataflow_path_id_string TEXT NOT NULL,
    dataflow_path_name TEXT NOT NULL,
    source_component_name TEXT NOT NULL,
    destination_component_name TEXT NOT NULL,
    rows_sent BIGINT NOT NULL,
    created_time BIGINT NOT NULL,
    execution_path TEXT NOT NULL,
    final INTEGER NOT NULL
);
CREATE INDEX execution_data_statistics_path ON execution_data_statistics
    (execution_id, attempt, execution_path, dataflow_path_id_string);
CREATE TABLE worker_agents (
    worker_agent_id TEXT PRIMARY KEY,
    is_enabled INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    machine_name TEXT NOT NULL,
    tags TEXT NOT NULL,
    user_account TEXT NOT NULL,
    registered_time BIGINT NOT NULL,
    last_online_time BIGINT NOT NULL,
    version TEXT NOT NULL,
    slots INTEGER NOT NULL,
    slots_used INTEGER NOT NULL,
    cpu_percent REAL NOT NULL,
    available_memory_mb BIGINT NOT NULL,
    spooled_messages BIGINT NOT NULL,
    certificate_thumbprint TEXT NOT NULL
);
CREATE TABLE join_tokens (
    token_hash TEXT PRIMARY KEY,
    created_time BIGINT NOT NULL,
    expires_time BIGINT NOT NULL,
    used_time BIGINT,
    worker_agent_id TEXT
);
