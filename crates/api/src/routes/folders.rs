//! Folders.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::extract::{Json, PathOf};
use crate::problem::Problem;
use crate::shapes::{CreateFolder, Folder, List};
use crate::state::App;

/// All folders, by name.
#[utoipa::path(get, path = "/api/v1/folders", tag = "folders", operation_id = "list_folders",
    security(("token" = [])),
    responses((status = 200, body = List<Folder>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<List<Folder>>, Problem> {
    app.call(|catalog| {
        let items = catalog.folders()?.into_iter().map(Folder::from).collect();
        Ok(Json(List { items }))
    })
    .await
}

/// Makes a folder.
#[utoipa::path(post, path = "/api/v1/folders", tag = "folders", operation_id = "create_folder",
    security(("token" = [])), request_body = CreateFolder,
    responses((status = 201, body = Folder), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Json(request): Json<CreateFolder>,
) -> Result<(StatusCode, Json<Folder>), Problem> {
    let caller = app.caller();
    app.call(move |catalog| {
        let description = request.description.as_deref().unwrap_or_default();
        catalog.create_folder(&caller, &request.name, description)?;
        let folder = catalog.folder(&request.name)?;
        Ok((StatusCode::CREATED, Json(folder.into())))
    })
    .await
}

/// Deletes an empty folder.
#[utoipa::path(delete, path = "/api/v1/folders/{folder_name}", tag = "folders",
    security(("token" = [])), params(("folder_name" = String, Path)),
    responses((status = 204, description = "deleted"), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn delete_folder(
    State(app): State<Arc<App>>,
    PathOf(folder_name): PathOf<String>,
) -> Result<StatusCode, Problem> {
    app.call(move |catalog| {
        catalog.delete_folder(&folder_name)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
