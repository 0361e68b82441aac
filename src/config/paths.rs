//! Where payd keeps its files, and where it looks for its configuration.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::settings::Store;

/// What the file of networks is called.
pub const NETWORKS: &str = "networks.toml";

/// The directory with everything that payd keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir(PathBuf);

/// Why there is no place to keep files.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// Nothing says where.
    #[error("no data directory: this user has no home directory; pass --data-dir or set PAYD_DATA_DIR")]
    Nowhere,
    /// It could not be made.
    #[error(
        "cannot create the data directory {path}: check the permissions above it, or pass another with --data-dir",
        path = .path.display()
    )]
    NotCreated {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
}

impl DataDir {
    /// The directory given on the command line, else by `PAYD_DATA_DIR`, else the user's own (XDG). Always the whole
    /// path: what is printed of it is pasted into other terminals.
    ///
    /// # Errors
    /// [`PathError::Nowhere`].
    pub fn resolve(
        given: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, PathError> {
        let of_user = || project().map(|project| project.data_dir().to_owned());
        chosen(given, environment("PAYD_DATA_DIR"))
            .or_else(of_user)
            .map(|path| Self(std::path::absolute(&path).unwrap_or(path)))
            .ok_or(PathError::Nowhere)
    }

    /// The directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether others than its owner may look into it, or cannot be kept from it.
    #[must_use]
    pub fn is_loose(&self) -> bool {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(&self.0).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("payd.sqlite")
    }

    /// The networks that were switched on in the dashboard.
    #[must_use]
    pub fn networks_file(&self) -> PathBuf {
        self.0.join(NETWORKS)
    }

    /// The key that seals the secrets in the database: beside it, unless it was set elsewhere.
    #[must_use]
    pub fn key_file(&self, store: &Store) -> PathBuf {
        store.key_file.clone().unwrap_or_else(|| self.0.join("payd.key"))
    }

    /// Makes the directory, for this user alone, when it is not there yet.
    ///
    /// # Errors
    /// [`PathError::NotCreated`].
    pub fn create(&self) -> Result<(), PathError> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0).map_err(|source| PathError::NotCreated {
            path: self.0.clone(),
            source,
        })
    }
}

/// The configuration given on the command line, else by `PAYD_CONFIG`, else the user's own (XDG) when there is one.
/// A file that was given is returned also when it is missing, so that reading it says so.
#[must_use]
pub fn config_file(given: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let of_user = || project().and_then(|project| present(project.config_dir().join("config.toml")));
    chosen(given, environment("PAYD_CONFIG")).or_else(of_user)
}

fn chosen(given: Option<&Path>, variable: Option<String>) -> Option<PathBuf> {
    given.map(Path::to_owned).or_else(|| {
        variable
            .filter(|variable| !variable.is_empty())
            .map(PathBuf::from)
    })
}

/// The path, unless it is known that nothing is there: a file that cannot be looked at must not be passed over.
fn present(path: PathBuf) -> Option<PathBuf> {
    path.try_exists().unwrap_or(true).then_some(path)
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "payd")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_command_line_goes_before_the_environment_and_both_before_the_users_own() {
        let environment = |name: &str| Some(format!("/env/{name}"));
        let given = DataDir::resolve(Some(Path::new("/given")), environment).unwrap();
        assert_eq!(given.path(), Path::new("/given"));
        let by_variable = DataDir::resolve(None, environment).unwrap();
        assert_eq!(
            by_variable.database(),
            Path::new("/env/PAYD_DATA_DIR/payd.sqlite")
        );
        assert_eq!(
            config_file(Some(Path::new("/given.toml")), environment).unwrap(),
            Path::new("/given.toml")
        );
        assert_eq!(
            config_file(None, environment).unwrap(),
            Path::new("/env/PAYD_CONFIG")
        );
    }

    #[test]
    fn a_variable_set_to_nothing_is_not_a_path() {
        let empty = |_: &str| Some(String::new());
        let unset = DataDir::resolve(None, nothing)
            .map(|dir| dir.path().to_owned())
            .ok();
        let set = DataDir::resolve(None, empty)
            .map(|dir| dir.path().to_owned())
            .ok();
        assert_eq!(set, unset);
    }

    #[test]
    fn a_given_configuration_is_kept_when_missing_and_the_users_own_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("config.toml");
        assert_eq!(config_file(Some(&missing), nothing), Some(missing.clone()));
        assert_eq!(present(missing.clone()), None);
        std::fs::write(&missing, "").unwrap();
        assert_eq!(present(missing.clone()), Some(missing));
    }

    #[cfg(unix)]
    #[test]
    fn the_data_directory_is_made_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        let directory = tempfile::tempdir().unwrap();
        let data = DataDir(directory.path().join("a/b"));
        data.create().unwrap();
        data.create().unwrap();
        let mode = std::fs::metadata(data.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        assert!(!data.is_loose());
        for (mode, is_loose) in [(0o710, true), (0o701, true), (0o755, true), (0o500, false)] {
            std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(data.is_loose(), is_loose, "{mode:o}");
        }
    }
}
