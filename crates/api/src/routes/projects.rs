//! Projects, their versions, packages and parameters.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use packmule_catalog::{Caller, Catalog, Error as CatalogError, ParameterScope, VersionId};
use serde::Deserialize;

use crate::extract::{Json, PathOf, QueryOf, body_problem};
use crate::problem::Problem;
use crate::shapes::{
    DeployQuery, Deployment, List, ObjectFilter, Package, Parameter, Project, ProjectVersion,
    SetParameter, variant_of_json,
};
use crate::state::App;

/// Names a project in a path.
#[derive(Deserialize)]
pub(super) struct ProjectPath {
    folder_name: String,
    project_name: String,
}

/// All projects, or those of a folder.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", operation_id = "list_projects",
    security(("token" = [])), params(ObjectFilter),
    responses((status = 200, body = List<Project>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    QueryOf(filter): QueryOf<ObjectFilter>,
) -> Result<Json<List<Project>>, Problem> {
    app.call(move |catalog| {
        let wanted = filter.project_name.map(|name| name.to_lowercase());
        let items = catalog
            .projects(filter.folder_name.as_deref())?
            .into_iter()
            .filter(|row| {
                wanted
                    .as_ref()
                    .is_none_or(|name| row.name.to_lowercase() == *name)
            })
            .map(Project::from)
            .collect();
        Ok(Json(List { items }))
    })
    .await
}

/// One project.
#[utoipa::path(get, path = "/api/v1/folders/{folder_name}/projects/{project_name}",
    tag = "projects", operation_id = "get_project", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path)),
    responses((status = 200, body = Project), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn find(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<ProjectPath>,
) -> Result<Json<Project>, Problem> {
    app.call(move |catalog| {
        let project = catalog.project(&path.folder_name, &path.project_name)?;
        Ok(Json(project.into()))
    })
    .await
}

/// Deploys a project: the body is the .ispac file, the name must be the one inside it.
#[utoipa::path(put, path = "/api/v1/folders/{folder_name}/projects/{project_name}",
    tag = "projects", operation_id = "deploy_project", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path), DeployQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Deployment), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn deploy(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<ProjectPath>,
    QueryOf(query): QueryOf<DeployQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Deployment>), Problem> {
    let stream = body.map_err(body_problem)?;
    let name = Some(path.project_name);
    deploy_stream(&app, path.folder_name, name, query, stream).await
}

/// Deploys a project under the name inside its .ispac file, which is the body.
#[utoipa::path(post, path = "/api/v1/folders/{folder_name}/projects", tag = "projects",
    operation_id = "deploy_project_by_its_name", security(("token" = [])),
    params(("folder_name" = String, Path), DeployQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Deployment), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn deploy_unnamed(
    State(app): State<Arc<App>>,
    PathOf(folder_name): PathOf<String>,
    QueryOf(query): QueryOf<DeployQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Deployment>), Problem> {
    let stream = body.map_err(body_problem)?;
    deploy_stream(&app, folder_name, None, query, stream).await
}

async fn deploy_stream(
    app: &App,
    folder: String,
    name: Option<String>,
    query: DeployQuery,
    stream: Bytes,
) -> Result<(StatusCode, Json<Deployment>), Problem> {
    if stream.is_empty() {
        return Err(Problem::bad_request("the body is empty")
            .remedy("send the bytes of the .ispac file as the body"));
    }
    let caller = app.caller();
    app.call(move |catalog| {
        let name = match name {
            Some(name) => name,
            None => catalog.project_name_in(&stream)?,
        };
        if query.create_folder {
            ensure_folder(catalog, &caller, &folder)?;
        }
        let deployment = catalog.deploy_project(&caller, &folder, &name, stream.into())?;
        let packages = catalog.packages(Some(&folder), Some(&name))?;
        let answer = Deployment {
            operation_id: deployment.operation_id.0,
            project: catalog.project(&folder, &name)?.into(),
            packages: packages.into_iter().map(Package::from).collect(),
        };
        Ok((StatusCode::CREATED, Json(answer)))
    })
    .await
}

fn ensure_folder(catalog: &Catalog, caller: &Caller, folder: &str) -> Result<(), Problem> {
    match catalog.create_folder(caller, folder, "") {
        Ok(_) | Err(CatalogError::FolderExists(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Deletes a project with all its versions.
#[utoipa::path(delete, path = "/api/v1/folders/{folder_name}/projects/{project_name}",
    tag = "projects", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path)),
    responses((status = 204, description = "deleted"), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn delete_project(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<ProjectPath>,
) -> Result<StatusCode, Problem> {
    app.call(move |catalog| {
        catalog.delete_project(&path.folder_name, &path.project_name)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The versions of a project, newest first.
#[utoipa::path(get, path = "/api/v1/folders/{folder_name}/projects/{project_name}/versions",
    tag = "projects", operation_id = "list_project_versions", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path)),
    responses((status = 200, body = List<ProjectVersion>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn versions(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<ProjectPath>,
) -> Result<Json<List<ProjectVersion>>, Problem> {
    app.call(move |catalog| {
        let rows = catalog.project_versions(&path.folder_name, &path.project_name)?;
        let mut items: Vec<_> = rows.into_iter().map(ProjectVersion::from).collect();
        items.sort_by_key(|row| std::cmp::Reverse(row.object_version_lsn));
        Ok(Json(List { items }))
    })
    .await
}

/// Names a version in a path.
#[derive(Deserialize)]
pub(super) struct VersionPath {
    folder_name: String,
    project_name: String,
    object_version_lsn: i64,
}

/// Makes an older version the current one.
#[utoipa::path(post,
    path = "/api/v1/folders/{folder_name}/projects/{project_name}/versions/{object_version_lsn}/restore",
    tag = "projects", operation_id = "restore_project", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path),
           ("object_version_lsn" = i64, Path)),
    responses((status = 200, body = Project), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn restore(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<VersionPath>,
) -> Result<Json<Project>, Problem> {
    let caller = app.caller();
    app.call(move |catalog| {
        let version = VersionId(path.object_version_lsn);
        catalog.restore_project(&caller, &path.folder_name, &path.project_name, version)?;
        let project = catalog.project(&path.folder_name, &path.project_name)?;
        Ok(Json(project.into()))
    })
    .await
}

/// All packages, or those of a folder or project.
#[utoipa::path(get, path = "/api/v1/packages", tag = "projects", operation_id = "list_packages",
    security(("token" = [])), params(ObjectFilter),
    responses((status = 200, body = List<Package>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn packages(
    State(app): State<Arc<App>>,
    QueryOf(filter): QueryOf<ObjectFilter>,
) -> Result<Json<List<Package>>, Problem> {
    app.call(move |catalog| {
        let folder = filter.folder_name.as_deref();
        let rows = catalog.packages(folder, filter.project_name.as_deref())?;
        let items = rows.into_iter().map(Package::from).collect();
        Ok(Json(List { items }))
    })
    .await
}

/// The parameters of a project and its packages.
#[utoipa::path(get, path = "/api/v1/folders/{folder_name}/projects/{project_name}/parameters",
    tag = "projects", operation_id = "list_parameters", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path)),
    responses((status = 200, body = List<Parameter>), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn parameters(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<ProjectPath>,
) -> Result<Json<List<Parameter>>, Problem> {
    app.call(move |catalog| {
        let rows = catalog.object_parameters(&path.folder_name, &path.project_name)?;
        let items = rows.into_iter().map(Parameter::from).collect();
        Ok(Json(List { items }))
    })
    .await
}

/// Sets the server's value of a parameter, or takes it away.
#[utoipa::path(patch, path = "/api/v1/folders/{folder_name}/projects/{project_name}/parameters",
    tag = "projects", operation_id = "set_parameter", security(("token" = [])),
    params(("folder_name" = String, Path), ("project_name" = String, Path)),
    request_body = SetParameter,
    responses((status = 200, body = Parameter), (status = "default", body = Problem,
        content_type = "application/problem+json")))]
pub(super) async fn set_parameter(
    State(app): State<Arc<App>>,
    PathOf(path): PathOf<ProjectPath>,
    Json(request): Json<SetParameter>,
) -> Result<Json<Parameter>, Problem> {
    let scope = ParameterScope::from_code(request.object_type.into());
    let package = match (scope, request.package_name) {
        (Some(ParameterScope::Project), _) => None,
        (Some(ParameterScope::Package), Some(name)) => Some(name),
        (Some(ParameterScope::Package), None) => {
            return Err(Problem::bad_request(
                "package_name is needed for a package's parameter",
            ));
        }
        _ => {
            return Err(Problem::bad_request(
                "object_type must be 20 (project) or 30 (package)",
            ));
        }
    };
    app.call(move |catalog| {
        let (folder, project) = (path.folder_name.as_str(), path.project_name.as_str());
        let name = request.parameter_name.as_str();
        match request.value {
            Some(value) => {
                let value = variant_of_json(&value).map_err(Problem::bad_request)?;
                catalog.set_object_parameter_value(
                    folder,
                    project,
                    package.as_deref(),
                    name,
                    &value,
                )?;
            }
            None => {
                catalog.clear_object_parameter_value(folder, project, package.as_deref(), name)?
            }
        }
        let object = package.as_deref().unwrap_or(project);
        catalog
            .object_parameters(folder, project)?
            .into_iter()
            .find(|row| {
                row.parameter_name == name
                    && row.object_type.code() == request.object_type
                    && same_object(&row.object_name, object)
            })
            .map(|row| Json(row.into()))
            .ok_or_else(|| CatalogError::ParameterNotFound(name.to_owned()).into())
    })
    .await
}

/// Whether two names mean the same project or package: without case, `.dtsx` left out or not.
pub(super) fn same_object(a: &str, b: &str) -> bool {
    let bare = |name: &str| {
        let lower = name.to_lowercase();
        lower
            .strip_suffix(".dtsx")
            .map_or(lower.clone(), str::to_owned)
    };
    bare(a) == bare(b)
}
