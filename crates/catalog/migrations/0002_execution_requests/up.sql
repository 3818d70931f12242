-- Keys of requests that started executions, so that each counts once.
CREATE TABLE execution_requests (
    request_id {id},
    caller_name TEXT NOT NULL,
    request_key TEXT NOT NULL,
    request_digest {blob} NOT NULL,
    executions TEXT NOT NULL,
    created_time BIGINT NOT NULL,
    UNIQUE (caller_name, request_key)
);
CREATE INDEX execution_requests_time ON execution_requests (created_time);
