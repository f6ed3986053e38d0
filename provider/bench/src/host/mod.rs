//! A host as Terraform is one: starts a plugin, reads its line, connects with TLS, asks, and ends it.

pub mod client;
pub mod figures;
pub mod line;
mod security;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::job;
use crate::{Outcome, Trouble};
use client::Client;
use figures::Figures;
use line::Line;

/// What go-plugin's hosts set, so that a plugin knows that it was started by one.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// How long a plugin may take to end before it is killed: as long as Terraform waits.
const LONGEST_END: Duration = Duration::from_secs(2);

/// How often is looked whether it has ended.
const LOOK: Duration = Duration::from_micros(50);

/// A plugin that runs and has said where it is. Killed when dropped.
pub struct Plugin {
    child: Child,
    line: Line,
    /// When it was started.
    pub started: Instant,
    /// How long it took from there to its line.
    pub handshake: Duration,
    folder: PathBuf,
}

impl Plugin {
    /// Starts a plugin with the variables that Terraform sets, and reads its line.
    pub fn start(plugin: &job::Plugin) -> Outcome<Self> {
        // Its socket goes into a folder of its own, since a killed plugin leaves it behind.
        let folder =
            std::env::temp_dir().join(format!("bench-{}-{}", std::process::id(), plugin.name));
        std::fs::create_dir_all(&folder)?;
        let mut command = Command::new(&plugin.program);
        command
            .envs([COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", "5,6")])
            .envs([("PLUGIN_MIN_PORT", "10000"), ("PLUGIN_MAX_PORT", "25000")])
            .env("PLUGIN_CLIENT_CERT", security::CERTIFICATE)
            .env("TMPDIR", &folder)
            .envs(&plugin.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let started = Instant::now();
        let mut child = command.spawn()?;
        let mut text = String::new();
        if let Some(output) = child.stdout.as_mut() {
            BufReader::new(output).read_line(&mut text)?;
        }
        let handshake = started.elapsed();
        match Line::read(&text) {
            Ok(line) => Ok(Self { child, line, started, handshake, folder }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("{}: {error}", plugin.program.display()).into())
            }
        }
    }

    /// Connects to it.
    pub async fn connect(&self) -> Outcome<Client> {
        let config = security::config(&self.line.certificate)?;
        Client::connect(&self.line.path, config, self.line.protocol).await
    }

    /// What the system says of it now.
    pub fn figures(&self) -> Outcome<Figures> {
        Figures::of(self.child.id())
    }

    /// Asks it to end as Terraform does after each phase, and tells how long that took.
    pub async fn end(mut self, mut client: Client) -> Outcome<Duration> {
        let asked = Instant::now();
        client.shutdown().await?;
        drop(client);
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > LONGEST_END {
                return Err(Trouble::from("the plugin does not end when it is asked to"));
            }
            // The connection is closed by a task of this thread.
            tokio::task::yield_now().await;
            std::thread::sleep(LOOK);
        }
        Ok(asked.elapsed())
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
