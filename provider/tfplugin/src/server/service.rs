//! What the calls of the provider's service have in common: the catalogue, the memo, the log, and threads to compute on.

use std::cell::Cell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use serde_json::Value as Json;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tonic::{Response, Status};

use super::{convert, schema};
use crate::answer;
use crate::bug;
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::function::Reply;
use crate::generated::tfplugin6 as wire;
use crate::log::{Level, Log};
use crate::memo::Memo;

/// How many results of functions are remembered, and how many bytes they may have with their arguments. A module calls
/// few functions with few different arguments; what is beyond is computed again.
const REMEMBERED_ENTRIES: usize = 16;
const REMEMBERED_BYTES: usize = 32 << 20;

/// A function and the bytes of its arguments.
type Call = (String, Vec<wire::DynamicValue>);

/// The provider's service.
pub(super) struct Service {
    pub(super) catalogue: Arc<Catalogue>,
    memo: Mutex<Memo<Call, wire::DynamicValue>>,
    schema: OnceLock<wire::get_provider_schema::Response>,
    log: Log,
}

impl Service {
    pub(super) fn new(catalogue: Catalogue, log: Log) -> Self {
        Self {
            catalogue: Arc::new(catalogue),
            memo: Mutex::new(Memo::new(REMEMBERED_ENTRIES, REMEMBERED_BYTES)),
            schema: OnceLock::new(),
            log,
        }
    }

    /// Computes off the thread that serves the connections, so that the host can still stop us; logs how long it took until the
    /// answer was told. What waits for a thread is not computed any more once the host has given up the call.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        call: &'static str,
        name: Option<&'static str>,
        work: impl FnOnce(&Catalogue, Waiting<T>) + Send + 'static,
    ) -> Result<T, Status> {
        let started = Instant::now();
        let catalogue = Arc::clone(&self.catalogue);
        let (sender, answer) = oneshot::channel();
        let working = tokio::task::spawn_blocking(move || work(&catalogue, Waiting(sender)));
        let _given_up = GivenUp(working.abort_handle());
        let answer = answer.await;
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        let fields = [
            ("tf_rpc", Json::from(call)),
            ("tf_name", Json::from(name)),
            ("tf_req_duration_ms", Json::from(milliseconds)),
        ];
        self.log.write(Level::Debug, "Answered", &fields);
        // Panics of an author's code have become messages before this.
        answer.map_err(|_| Status::internal("The call ended without an answer."))
    }

    /// Everything that is offered, worked out once.
    fn schema(&self) -> &wire::get_provider_schema::Response {
        self.schema.get_or_init(|| provider_schema(&self.catalogue))
    }

    /// Everything that is offered.
    pub(super) fn provider_schema(&self) -> wire::get_provider_schema::Response {
        self.schema().clone()
    }

    /// The functions by name.
    pub(super) fn functions(&self) -> wire::get_functions::Response {
        let schema = self.schema();
        wire::get_functions::Response {
            functions: schema.functions.clone(),
            diagnostics: schema.diagnostics.clone(),
        }
    }

    /// The names of what is offered.
    pub(super) fn metadata(&self) -> wire::get_metadata::Response {
        use wire::get_metadata::{DataSourceMetadata, FunctionMetadata};
        let source = |name: &str| DataSourceMetadata { type_name: name.to_owned() };
        let function = |name: &str| FunctionMetadata { name: name.to_owned() };
        wire::get_metadata::Response {
            server_capabilities: Some(capabilities()),
            data_sources: self.catalogue.data_source_names().into_iter().map(source).collect(),
            functions: self.catalogue.function_names().into_iter().map(function).collect(),
            ..wire::get_metadata::Response::default()
        }
    }

    /// Calls a function, unless the same call has been answered lately.
    pub(super) async fn call(
        &self,
        request: wire::call_function::Request,
    ) -> Result<Response<wire::call_function::Response>, Status> {
        let call: Call = (request.name, request.arguments);
        let name = self.catalogue.known_name(&call.0);
        if let Some(result) = self.memo.lock().unwrap_or_else(PoisonError::into_inner).get(&call) {
            self.log.write(Level::Debug, "Remembered", &[("tf_name", Json::from(name))]);
            return Ok(Response::new(wire::call_function::Response {
                result: Some(result),
                error: None,
            }));
        }
        let asked = call.clone();
        let work = move |catalogue: &Catalogue, waiting: Waiting<_>| {
            let (name, arguments) = asked;
            let arguments: Vec<_> =
                arguments.iter().map(|value| convert::encoded(Some(value))).collect();
            let waiting = Cell::new(Some(waiting));
            let tell = |answer| {
                // What comes after the answer is about giving back its memory, and nobody waits for that.
                if let Some(waiting) = waiting.take() {
                    waiting.tell(answer);
                }
            };
            let reply = Reply::new(|mut msgpack| {
                // It was written into twice the room at most; what is remembered is to take what it is counted for.
                msgpack.shrink_to_fit();
                tell(Ok(msgpack));
            });
            if let Err(error) = answer::call(catalogue, &name, &arguments, reply) {
                tell(Err(error));
            }
        };
        Ok(Response::new(match self.compute("CallFunction", name, work).await? {
            Ok(msgpack) => {
                let result = convert::dynamic_value(msgpack);
                self.remember(call, result.clone());
                wire::call_function::Response { result: Some(result), error: None }
            }
            Err(error) => wire::call_function::Response {
                result: None,
                error: Some(convert::function_error(error)),
            },
        }))
    }

    fn remember(&self, (name, arguments): Call, result: wire::DynamicValue) {
        let size = |value: &wire::DynamicValue| value.msgpack.len() + value.json.len();
        let bytes = name.len() + arguments.iter().map(size).sum::<usize>() + size(&result);
        // What came is part of the whole request's memory; what is kept must not hold on to that.
        let own = |value: wire::DynamicValue| wire::DynamicValue {
            msgpack: value.msgpack.to_vec().into(),
            json: value.json.to_vec().into(),
        };
        let call = (name, arguments.into_iter().map(own).collect());
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).keep(call, result, bytes);
    }
}

/// Who waits for an answer.
pub(super) struct Waiting<T>(oneshot::Sender<T>);

impl<T> Waiting<T> {
    /// Tells the answer; a host that has given up the call does not hear it.
    pub(super) fn tell(self, answer: T) {
        let _ = self.0.send(answer);
    }
}

/// Work that is not begun any more once this is dropped; what has begun goes on to its end, for nobody.
struct GivenUp(AbortHandle);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn provider_schema(catalogue: &Catalogue) -> wire::get_provider_schema::Response {
    let everything = bug::catch(|| {
        let sources = catalogue.data_source_names().into_iter();
        let sources = sources.filter_map(|name| Some((name, catalogue.data_source(name)?.1)));
        let functions = catalogue.function_names().into_iter();
        let functions = functions.filter_map(|name| Some((name, catalogue.function(name)?.1)));
        wire::get_provider_schema::Response {
            provider: Some(schema::empty_schema(&catalogue.provider.description)),
            data_source_schemas: sources
                .map(|(name, known)| (name.to_owned(), schema::schema(&known.schema)))
                .collect(),
            functions: functions
                .map(|(name, signature)| (name.to_owned(), schema::function(signature)))
                .collect(),
            server_capabilities: Some(capabilities()),
            ..wire::get_provider_schema::Response::default()
        }
    });
    everything.unwrap_or_else(|panic| {
        let detail = bug::report(&catalogue.provider, "the schema of the provider", &panic.text);
        wire::get_provider_schema::Response {
            provider: Some(schema::empty_schema(&catalogue.provider.description)),
            diagnostics: vec![convert::diagnostic(Diagnostic::error("Provider defect", detail))],
            ..wire::get_provider_schema::Response::default()
        }
    })
}

/// Terraform may ask one process for the schema and use it with others. The other capabilities are those of resources.
fn capabilities() -> wire::ServerCapabilities {
    wire::ServerCapabilities {
        get_provider_schema_optional: true,
        ..wire::ServerCapabilities::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Function, FunctionError, Provider, Replied, Signature, Value};

    struct Broken;

    impl Function for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }

        fn signature(&self) -> Signature {
            panic!("no signature")
        }

        fn call(&self, _: &[Value], reply: Reply<'_>) -> Result<Replied, FunctionError> {
            Ok(reply.send(Vec::new()))
        }
    }

    #[test]
    fn a_schema_that_panics_is_a_message() {
        let catalogue = Catalogue::new(Provider {
            address: "example.org/test/test",
            version: "1.2.3",
            description: String::new(),
            bug_reports: "https://example.org/bugs",
            data_sources: Vec::new(),
            functions: vec![Box::new(Broken)],
        });
        let service = Service::new(catalogue, Log { level: None, address: "" });
        for diagnostics in [service.provider_schema().diagnostics, service.functions().diagnostics]
        {
            let [found] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
            assert!(found.detail.contains("no signature"), "{found:?}");
            assert!(found.detail.contains("https://example.org/bugs"), "{found:?}");
        }
        assert_eq!(service.metadata().functions.len(), 1);
    }
}
