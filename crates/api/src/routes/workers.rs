//! Workers.

use std::sync::Arc;

use axum::extract::State;
use packmule_catalog::WorkerId;
use uuid::Uuid;

use crate::extract::{Json, PathOf};
use crate::live::workers_of;
use crate::problem::Problem;
use crate::shapes::{ChangeWorker, List, Worker};
use crate::state::App;

/// All Workers that ever joined.
#[utoipa::path(get, path = "/api/v1/workers", tag = "workers", operation_id = "list_workers",
    security(("token" = [])),
    responses((status = 200, body = List<Worker>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<List<Worker>>, Problem> {
    app.call(|catalog| {
        Ok(Json(List {
            items: workers_of(catalog)?,
        }))
    })
    .await
}

/// One Worker.
#[utoipa::path(get, path = "/api/v1/workers/{worker_agent_id}", tag = "workers",
    operation_id = "get_worker", security(("token" = [])),
    params(("worker_agent_id" = String, Path, format = "uuid")),
    responses((status = 200, body = Worker), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn find(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<Uuid>,
) -> Result<Json<Worker>, Problem> {
    app.call(move |catalog| {
        let row = catalog.worker_agent(WorkerId(id))?;
        Ok(Json(Worker::seen_at(row, chrono::Utc::now())))
    })
    .await
}

/// Enables, disables, names or describes a Worker.
#[utoipa::path(patch, path = "/api/v1/workers/{worker_agent_id}", tag = "workers",
    operation_id = "change_worker", security(("token" = [])),
    params(("worker_agent_id" = String, Path, format = "uuid")), request_body = ChangeWorker,
    responses((status = 200, body = Worker), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn change(
    State(app): State<Arc<App>>,
    PathOf(id): PathOf<Uuid>,
    Json(request): Json<ChangeWorker>,
) -> Result<Json<Worker>, Problem> {
    let id = WorkerId(id);
    app.call(move |catalog| {
        let properties = [
            ("DisplayName", request.display_name),
            ("Description", request.description),
            ("Tags", request.tags),
        ];
        for (name, value) in properties {
            if let Some(value) = value {
                catalog.set_worker_agent_property(id, name, &value)?;
            }
        }
        match request.is_enabled {
            Some(true) => catalog.enable_worker_agent(id)?,
            Some(false) => catalog.disable_worker_agent(id)?,
            None => {}
        }
        let row = catalog.worker_agent(id)?;
        Ok(Json(Worker::seen_at(row, chrono::Utc::now())))
    })
    .await
}
