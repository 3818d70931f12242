//! Folders: `create_folder`, `delete_folder`, `rename_folder`, `set_folder_description`.

use crate::catalog::Catalog;
use crate::error::{Error, NameKind, Result};
use crate::ids::FolderId;
use crate::model::{Caller, Change, Folder};
use crate::names;
use crate::store::{Row, StoreError, Transaction, params};

const COLUMNS: &str = "folder_id, name, description, created_by_name, created_time";

fn folder(mut row: Row) -> Result<Folder, StoreError> {
    Ok(Folder {
        folder_id: row.get()?,
        name: row.get()?,
        description: row.get()?,
        created_by_name: row.get()?,
        created_time: row.get()?,
    })
}

/// The id of a folder by name.
pub(crate) fn find(tx: &mut dyn Transaction, name: &str) -> Result<FolderId> {
    tx.first(
        "SELECT folder_id FROM folders WHERE name_key = ?1",
        params![names::key(name)],
    )?
    .ok_or_else(|| Error::FolderNotFound(name.to_owned()))
    .and_then(|mut row| Ok(row.get()?))
}

/// Longest description, characters.
const DESCRIPTION_MAX: usize = 1024;

fn check_description(description: &str) -> Result<()> {
    let given = description.chars().count();
    if given > DESCRIPTION_MAX {
        return Err(Error::Limit {
            what: "the length of the description",
            given: given as u64,
            limit: DESCRIPTION_MAX as u64,
        });
    }
    Ok(())
}

impl Catalog {
    /// `create_folder`. 27190 when there is one of that name, 27199 for a bad name.
    pub fn create_folder(
        &self,
        caller: &Caller,
        name: &str,
        description: &str,
    ) -> Result<FolderId> {
        names::check(NameKind::Folder, name)?;
        check_description(description)?;
        let (caller, name, description) =
            (caller.name.clone(), name.to_owned(), description.to_owned());
        let id = self.write(move |tx| {
            let now = tx.now();
            let row = tx.first(
                "INSERT INTO folders (name, name_key, description, created_by_name, created_time) \
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING RETURNING folder_id",
                params![&name, names::key(&name), description, caller, now],
            )?;
            let mut row = row.ok_or(Error::FolderExists(name))?;
            Ok(row.get()?)
        })?;
        self.tell(&[Change::Objects]);
        Ok(id)
    }

    /// `delete_folder`; it must be empty (27196).
    pub fn delete_folder(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.write(move |tx| {
            let id = find(tx, &name)?;
            let projects: i64 = tx
                .one(
                    "SELECT COUNT(*) FROM projects WHERE folder_id = ?1",
                    params![id],
                )?
                .get()?;
            if projects > 0 {
                return Err(Error::FolderNotEmpty(name));
            }
            tx.execute("DELETE FROM folders WHERE folder_id = ?1", params![id])?;
            Ok(())
        })?;
        self.tell(&[Change::Objects]);
        Ok(())
    }

    /// `rename_folder`
    pub fn rename_folder(&self, old_name: &str, new_name: &str) -> Result<()> {
        names::check(NameKind::Folder, new_name)?;
        let (old, new) = (old_name.to_owned(), new_name.to_owned());
        self.write(move |tx| {
            let id = find(tx, &old)?;
            if names::key(&old) != names::key(&new) && find(tx, &new).is_ok() {
                return Err(Error::FolderExists(new));
            }
            tx.execute(
                "UPDATE folders SET name = ?1, name_key = ?2 WHERE folder_id = ?3",
                params![&new, names::key(&new), id],
            )?;
            Ok(())
        })?;
        self.tell(&[Change::Objects]);
        Ok(())
    }

    /// `set_folder_description`
    pub fn set_folder_description(&self, name: &str, description: &str) -> Result<()> {
        check_description(description)?;
        let (name, description) = (name.to_owned(), description.to_owned());
        self.write(move |tx| {
            let id = find(tx, &name)?;
            tx.execute(
                "UPDATE folders SET description = ?1 WHERE folder_id = ?2",
                params![description, id],
            )?;
            Ok(())
        })?;
        self.tell(&[Change::Objects]);
        Ok(())
    }

    /// `catalog.folders`, by name.
    pub fn folders(&self) -> Result<Vec<Folder>> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM folders ORDER BY name_key");
            Ok(tx
                .query(&sql, &[])?
                .into_iter()
                .map(folder)
                .collect::<Result<_, _>>()?)
        })
    }

    /// One folder by name.
    pub fn folder(&self, name: &str) -> Result<Folder> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM folders WHERE name_key = ?1");
            let row = tx.first(&sql, params![names::key(name)])?;
            Ok(folder(
                row.ok_or_else(|| Error::FolderNotFound(name.to_owned()))?,
            )?)
        })
    }
}
