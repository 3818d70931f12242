-- What runs now, and indexes by which a live look reads only what is new.
CREATE TABLE running_executables (
    running_id {id},
    execution_id BIGINT NOT NULL REFERENCES executions (execution_id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    executable_name TEXT NOT NULL,
    executable_guid TEXT NOT NULL,
    package_name TEXT NOT NULL,
    package_path TEXT NOT NULL,
    execution_path TEXT NOT NULL,
    start_time BIGINT NOT NULL
);
CREATE INDEX running_executables_path ON running_executables
    (execution_id, attempt, execution_path, running_id);
CREATE INDEX executable_statistics_id ON executable_statistics
    (execution_id, attempt, statistics_id);
CREATE INDEX execution_data_statistics_id ON execution_data_statistics
    (execution_id, attempt, data_stats_id);
