//! The Unix socket, in a folder of our own, and its removal.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

use super::settings::Settings;

/// Folders of processes that were killed stay behind; the number of this process may have been theirs, more than once.
const ATTEMPTS: u32 = 1000;

/// The socket's name in its folder.
const SOCKET: &str = "socket";

/// A bound socket. Removed with its folder when dropped.
pub(crate) struct UnixSocket {
    pub(super) listener: UnixListener,
    pub(super) path: PathBuf,
    /// Held for its drop.
    _folder: Folder,
}

/// A folder for a socket, removed with it when dropped.
struct Folder(PathBuf);

impl UnixSocket {
    /// Binds a socket in a new folder; none if its path would be longer than a socket's may be.
    pub(super) fn bind(settings: &Settings) -> io::Result<Option<Self>> {
        let within = settings.socket_folder.as_deref().unwrap_or(&settings.temporary_folder);
        let Some(folder) = Folder::create(within)? else { return Ok(None) };
        let path = folder.0.join(SOCKET);
        let listener = UnixListener::bind(&path)?;
        let group = settings.socket_group.as_deref().map(group_id).transpose()?;
        let (folder_mode, mode) = if group.is_some() { (0o710, 0o660) } else { (0o700, 0o600) };
        if group.is_some() {
            chown(&path, None, group)?;
            chown(&folder.0, None, group)?;
        }
        fs::set_permissions(&path, Permissions::from_mode(mode))?;
        fs::set_permissions(&folder.0, Permissions::from_mode(folder_mode))?;
        Ok(Some(Self { listener, path, _folder: folder }))
    }
}

impl Folder {
    fn create(within: &Path) -> io::Result<Option<Self>> {
        for attempt in 0..ATTEMPTS {
            let path = within.join(format!("plugin-{}-{attempt}", std::process::id()));
            if SocketAddr::from_pathname(path.join(SOCKET)).is_err() {
                return Ok(None);
            }
            // Fails if it exists, so that nobody else can have made it; and nobody else can enter it.
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Some(Self(path))),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(io::Error::new(
                        error.kind(),
                        format!("{}: {error}", path.display()),
                    ));
                }
            }
        }
        Err(io::Error::other(format!("{} is full of sockets left behind", within.display())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing depends on it, and nobody is there to be told.
        let _ = fs::remove_file(self.0.join(SOCKET));
        let _ = fs::remove_dir(&self.0);
    }
}

/// The number of a group that is given by number or by name.
fn group_id(group: &str) -> io::Result<u32> {
    if let Ok(number) = group.parse() {
        return Ok(number);
    }
    let named = fs::read_to_string("/etc/group")?;
    let number =
        named.lines().find_map(|line| match line.split(':').collect::<Vec<_>>().as_slice() {
            [name, _, number, ..] if *name == group => number.parse().ok(),
            _ => None,
        });
    number.ok_or_else(|| {
        io::Error::other(format!("PLUGIN_UNIX_SOCKET_GROUP: there is no group `{group}`"))
    })
}
