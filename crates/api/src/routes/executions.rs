//! Executions: start, list, look into, stop, follow.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use packmule_catalog::{
    Catalog, EventMessageFilter, ExecutionId, MessageType, RequestKey, Status, Submitted,
};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::extract::{Json, PathOf, QueryOf};
use crate::live::{executables_of, open_execution, open_list, paths_of};
use crate::problem::Problem;
use crate::shapes::{
    ComponentPhase, EventMessage, Executable, Execution, ExecutionAttempt, ExecutionDetail,
    ExecutionFilter, ExecutionParameterValue, List, LiveEvent, LiveQuery, MessageFilter,
    MessageLevel, Page, PropertyOverrideValue, StartExecutions, StartedExecutions, Statistics,
};
use crate::state::App;

mod start;

/// The page of a list when no limit is given.
const EXECUTIONS_DEFAULT: u32 = 50;
const EXECUTIONS_MAX: u32 = 500;
const MESSAGES_DEFAULT: u32 = 200;
const MESSAGES_MAX: u32 = 1000;

/// The longest idempotency key.
const KEY_BYTES_MAX: usize = 200;

/// Executions, newest first.
#[utoipa::path(get, path = "/api/v1/executions", tag = "executions",
    operation_id = "list_executions", security(("token" = [])), params(ExecutionFilter),
    responses((status = 200, body = Page<Execution>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    QueryOf(filter): QueryOf<ExecutionFilter>,
) -> Result<Json<Page<Execution>>, Problem> {
    let limit = limit_of(filter.limit, EXECUTIONS_DEFAULT, EXECUTIONS_MAX)?;
    let wanted = packmule_catalog::ExecutionFilter {
        folder_name: filter.folder_name,
        project_name: filter.project_name,
        package_name: filter.package_name,
        status: statuses(filter.status.as_deref().unwrap_or_default())?,
        before: filter.before.map(ExecutionId),
        // one more tells whether there is a next page
        limit: limit + 1,
    };
    app.call(move |catalog| {
        let rows = catalog.executions(&wanted)?;
        let items: Vec<_> = rows.into_iter().map(Execution::from).collect();
        Ok(Json(page(items, limit, |row| row.execution_id)))
    })
    .await
}

/// Creates and starts executions of one or several packages. All of them or none.
#[utoipa::path(post, path = "/api/v1/executions", tag = "executions",
    operation_id = "start_executions", security(("token" = [])), request_body = StartExecutions,
    params(("Idempotency-Key" = Option<String>, Header,
        description = "a second request with the same key starts nothing and is answered with \
                       what the first one started; keys are remembered for 24 hours, the newest \
                       10,000")),
    responses((status = 201, body = StartedExecutions),
        (status = 200, description = "started by an earlier request with the same key",
         body = StartedExecutions),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(request): Json<StartExecutions>,
) -> Result<(StatusCode, Json<StartedExecutions>), Problem> {
    let caller = app.caller();
    let key = match idempotency_key(&headers)? {
        None => None,
        Some(key) => Some(RequestKey {
            key: key.to_owned(),
            digest: request_digest(&request)?,
        }),
    };
    app.call(move |catalog| started(catalog, start::start(catalog, &caller, &request, key)?))
        .await
}

fn started(
    catalog: &Catalog,
    submitted: Submitted,
) -> Result<(StatusCode, Json<StartedExecutions>), Problem> {
    let Submitted {
        executions,
        repeated,
    } = submitted;
    let rows = catalog.executions_of(&executions)?;
    let executions = rows.into_iter().map(Execution::from).collect();
    let status = if repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let started = StartedExecutions {
        executions,
        repeated,
    };
    Ok((status, Json(started)))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_BYTES_MAX => Ok(Some(key)),
        _ => Err(Problem::bad_request(format!(
            "an idempotency key has 1 to {KEY_BYTES_MAX} visible ASCII characters"
        ))),
    }
}

fn request_digest(request: &StartExecutions) -> Result<[u8; 32], Problem> {
    let text = serde_json::to_vec(request).map_err(|error| {
        tracing::error!("a request cannot be written as JSON: {error}");
        Problem::internal()
    })?;
    Ok(Sha256::digest(text).into())
}

/// One execution with its values, attempts, executables and rows.
#[utoipa::path(get, path = "/api/v1/executions/{execution_id}", tag = "executions",
    operation_id = "get_execution", security(("token" = [])),
    params(("execution_id" = i64, Path)),
    responses((status = 200, body = ExecutionDetail), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn find(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<i64>,
) -> Result<Json<ExecutionDetail>, Problem> {
    let id = ExecutionId(id);
    app.call(move |catalog| {
        let execution = catalog.execution(id)?;
        let parameters = catalog.execution_parameter_values(id)?;
        let overrides = catalog.execution_property_overrides(id)?;
        let attempts = catalog.execution_attempts(id)?;
        Ok(Json(ExecutionDetail {
            waiting_reason: catalog.waiting_reason(id)?,
            parameters: parameters
                .into_iter()
                .map(ExecutionParameterValue::from)
                .collect(),
            attempts: attempts.into_iter().map(ExecutionAttempt::from).collect(),
            property_overrides: overrides
                .into_iter()
                .map(PropertyOverrideValue::from)
                .collect(),
            executables: executables_of(catalog, &execution)?,
            paths: paths_of(catalog, &execution)?,
            execution: execution.into(),
        }))
    })
    .await
}

/// Messages of an execution, oldest first.
#[utoipa::path(get, path = "/api/v1/executions/{execution_id}/messages", tag = "executions",
    operation_id = "list_messages", security(("token" = [])),
    params(("execution_id" = i64, Path), MessageFilter),
    responses((status = 200, body = Page<EventMessage>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn messages(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<i64>,
    QueryOf(filter): QueryOf<MessageFilter>,
) -> Result<Json<Page<EventMessage>>, Problem> {
    let limit = limit_of(filter.limit, MESSAGES_DEFAULT, MESSAGES_MAX)?;
    let wanted = EventMessageFilter {
        after: filter.after,
        types: types_of(filter.level.unwrap_or_default()),
        attempt: None,
        limit: limit + 1,
    };
    app.call(move |catalog| {
        catalog.execution_status(ExecutionId(id))?;
        let rows = catalog.event_messages(ExecutionId(id).operation(), &wanted)?;
        let items: Vec<_> = rows.into_iter().map(EventMessage::from).collect();
        Ok(Json(page(items, limit, |row| row.event_message_id)))
    })
    .await
}

/// What ran in the last attempt of an execution.
#[utoipa::path(get, path = "/api/v1/executions/{execution_id}/executables", tag = "executions",
    operation_id = "list_executables", security(("token" = [])),
    params(("execution_id" = i64, Path)),
    responses((status = 200, body = List<Executable>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn executables(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<i64>,
) -> Result<Json<List<Executable>>, Problem> {
    app.call(move |catalog| {
        let execution = catalog.execution(ExecutionId(id))?;
        let items = executables_of(catalog, &execution)?;
        Ok(Json(List { items }))
    })
    .await
}

/// Rows over paths and phases of components in the last attempt of an execution.
#[utoipa::path(get, path = "/api/v1/executions/{execution_id}/statistics", tag = "executions",
    operation_id = "get_statistics", security(("token" = [])),
    params(("execution_id" = i64, Path)),
    responses((status = 200, body = Statistics), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn statistics(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<i64>,
) -> Result<Json<Statistics>, Problem> {
    app.call(move |catalog| {
        let execution = catalog.execution(ExecutionId(id))?;
        let phases = catalog
            .component_phases(ExecutionId(id))?
            .into_iter()
            .filter(|row| row.attempt.0 == execution.executed_count)
            .map(ComponentPhase::from)
            .collect();
        Ok(Json(Statistics {
            paths: paths_of(catalog, &execution)?,
            phases,
        }))
    })
    .await
}

/// Asks an execution to stop. It is Stopping, then Canceled; one that waits is Canceled at once.
#[utoipa::path(post, path = "/api/v1/executions/{execution_id}/stop", tag = "executions",
    operation_id = "stop_execution", security(("token" = [])),
    params(("execution_id" = i64, Path)),
    responses((status = 202, body = Execution), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn stop(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<i64>,
) -> Result<(StatusCode, Json<Execution>), Problem> {
    let caller = app.caller();
    let id = ExecutionId(id);
    app.call(move |catalog| {
        catalog.execution_status(id)?;
        catalog.stop_operation(&caller, id.operation())?;
        Ok((StatusCode::ACCEPTED, Json(catalog.execution(id)?.into())))
    })
    .await
}

/// One execution as it goes on: server-sent events, each a `LiveEvent`.
#[utoipa::path(get, path = "/api/v1/executions/{execution_id}/live", tag = "executions",
    operation_id = "follow_execution", security(("token" = [])),
    params(("execution_id" = i64, Path), LiveQuery),
    responses((status = 200, body = LiveEvent, content_type = "text/event-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn live(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<i64>,
    QueryOf(query): QueryOf<LiveQuery>,
) -> Result<Response, Problem> {
    Ok(events(
        open_execution(app, ExecutionId(id), query.after).await?,
    ))
}

/// Executions and Workers as they change: server-sent events, each a `LiveEvent`.
#[utoipa::path(get, path = "/api/v1/live", tag = "executions", operation_id = "follow_all",
    security(("token" = [])),
    responses((status = 200, body = LiveEvent, content_type = "text/event-stream"),
        (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(super) async fn live_list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    Ok(events(open_list(app)?))
}

fn events(receiver: mpsc::Receiver<LiveEvent>) -> Response {
    let stream = ReceiverStream::new(receiver)
        .map(|event| Ok::<_, Infallible>(Event::default().json_data(&event).unwrap_or_default()));
    let mut response = Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response();
    // proxies must not hold events back
    response
        .headers_mut()
        .insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn limit_of(given: Option<u32>, default: u32, max: u32) -> Result<usize, Problem> {
    match given.unwrap_or(default) {
        limit if (1..=max).contains(&limit) => Ok(limit as usize),
        limit => Err(Problem::bad_request(format!(
            "the limit {limit} is not between 1 and {max}"
        ))),
    }
}

fn page<T>(mut items: Vec<T>, limit: usize, id: impl Fn(&T) -> i64) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(id);
    Page { items, next }
}

fn statuses(text: &str) -> Result<Vec<Status>, Problem> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let by_number = part.parse().ok().and_then(Status::from_code);
            let plain = |text: &str| text.replace([' ', '_', '-'], "").to_lowercase();
            by_number
                .or_else(|| {
                    Status::ALL
                        .into_iter()
                        .find(|status| plain(status.name()) == plain(part))
                })
                .ok_or_else(|| {
                    let names = Status::ALL.map(Status::name).join(", ");
                    Problem::bad_request(format!("'{part}' is not a status: {names}, or 1 to 9"))
                })
        })
        .collect()
}

fn types_of(level: MessageLevel) -> Vec<MessageType> {
    let mut types = match level {
        MessageLevel::All => return Vec::new(),
        MessageLevel::Error => vec![],
        MessageLevel::Warning => vec![MessageType::Warning],
        MessageLevel::Information => vec![MessageType::Warning, MessageType::Information],
    };
    types.extend([MessageType::Error, MessageType::TaskFailed]);
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_go_by_number_or_name() {
        let table: [(&str, &[Status]); 4] = [
            ("", &[]),
            ("7", &[Status::Succeeded]),
            ("running, FAILED", &[Status::Running, Status::Failed]),
            (
                "ended unexpectedly,ended_unexpectedly",
                &[Status::EndedUnexpectedly, Status::EndedUnexpectedly],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(statuses(text).unwrap(), expected, "{text}");
        }
        for text in ["0", "10", "done", "7;4"] {
            assert_eq!(statuses(text).unwrap_err().status, 400, "{text}");
        }
    }

    #[test]
    fn a_page_says_where_the_next_begins() {
        let of = |rows: Vec<i64>, limit| {
            let page = page(rows, limit, |row| *row);
            (page.items, page.next)
        };
        assert_eq!(of(vec![3, 2, 1], 2), (vec![3, 2], Some(2)));
        assert_eq!(of(vec![3, 2], 2), (vec![3, 2], None));
        assert_eq!(of(vec![], 2), (vec![], None));
    }
}
