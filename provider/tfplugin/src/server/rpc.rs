//! Every call of the protocol: convert, answer, convert.

use tokio_stream::Once;
use tonic::{Request, Response, Status, Streaming};

use super::convert::{diagnostics, dynamic_value, encoded};
use super::service::{Service, Waiting};
use super::unoffered::{Refusal, unoffered};
use crate::answer;
use crate::generated::tfplugin6 as wire;
use crate::generated::tfplugin6::provider_server::Provider;

type Answer<T> = Result<Response<T>, Status>;
type OneMessage<T> = Once<Result<T, Status>>;

#[tonic::async_trait]
impl Provider for Service {
    type ListResourceStream = OneMessage<wire::list_resource::Event>;
    type ReadStateBytesStream = OneMessage<wire::read_state_bytes::Response>;
    type InvokeActionStream = OneMessage<wire::invoke_action::Event>;

    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> Answer<wire::get_metadata::Response> {
        Ok(Response::new(self.metadata()))
    }

    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Answer<wire::get_provider_schema::Response> {
        Ok(Response::new(self.provider_schema()))
    }

    async fn get_functions(
        &self,
        _: Request<wire::get_functions::Request>,
    ) -> Answer<wire::get_functions::Response> {
        Ok(Response::new(self.functions()))
    }

    /// Terraform asks for these on every load of a schema and takes anything but an answer for a failure.
    async fn get_resource_identity_schemas(
        &self,
        _: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Answer<wire::get_resource_identity_schemas::Response> {
        Ok(Response::new(wire::get_resource_identity_schemas::Response::default()))
    }

    /// There are no settings, so there is nothing to be wrong with them.
    async fn validate_provider_config(
        &self,
        _: Request<wire::validate_provider_config::Request>,
    ) -> Answer<wire::validate_provider_config::Response> {
        Ok(Response::new(wire::validate_provider_config::Response::default()))
    }

    async fn configure_provider(
        &self,
        _: Request<wire::configure_provider::Request>,
    ) -> Answer<wire::configure_provider::Response> {
        Ok(Response::new(wire::configure_provider::Response::default()))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Answer<wire::validate_data_resource_config::Response> {
        let request = request.into_inner();
        let name = self.catalogue.known_name(&request.type_name);
        let work = move |catalogue: &_, waiting: Waiting<_>| {
            let config = encoded(request.config.as_ref());
            waiting.tell(answer::validate(catalogue, &request.type_name, config));
        };
        let found = self.compute("ValidateDataResourceConfig", name, work).await?;
        Ok(Response::new(wire::validate_data_resource_config::Response {
            diagnostics: diagnostics(found),
        }))
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Answer<wire::read_data_source::Response> {
        let request = request.into_inner();
        let name = self.catalogue.known_name(&request.type_name);
        let work = move |catalogue: &_, waiting: Waiting<_>| {
            let config = encoded(request.config.as_ref());
            waiting.tell(answer::read(catalogue, &request.type_name, config));
        };
        let (state, found) = self.compute("ReadDataSource", name, work).await?;
        Ok(Response::new(wire::read_data_source::Response {
            state: state.map(dynamic_value),
            diagnostics: diagnostics(found),
            deferred: None,
        }))
    }

    async fn call_function(
        &self,
        request: Request<wire::call_function::Request>,
    ) -> Answer<wire::call_function::Response> {
        self.call(request.into_inner()).await
    }

    /// Answers are short and hold nothing open, so there is nothing to stop. The host waits for what it has asked already,
    /// and an answer is sooner there than a message that there is none, which a user would take for a mistake of theirs.
    /// The process goes on serving: it may have other hosts, whose user did not press Ctrl-C.
    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Answer<wire::stop_provider::Response> {
        Ok(Response::new(wire::stop_provider::Response::default()))
    }

    async fn list_resource(
        &self,
        request: Request<wire::list_resource::Request>,
    ) -> Answer<Self::ListResourceStream> {
        let diagnostic = unoffered(&self.catalogue, "list resource", &request.get_ref().type_name);
        Ok(one_message(wire::list_resource::Event { diagnostic, ..Default::default() }))
    }

    async fn read_state_bytes(
        &self,
        request: Request<wire::read_state_bytes::Request>,
    ) -> Answer<Self::ReadStateBytesStream> {
        let diagnostics = unoffered(&self.catalogue, "state store", &request.get_ref().type_name);
        Ok(one_message(wire::read_state_bytes::Response { diagnostics, ..Default::default() }))
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<wire::write_state_bytes::RequestChunk>>,
    ) -> Answer<wire::write_state_bytes::Response> {
        let first =
            request.into_inner().message().await?.and_then(|chunk| chunk.meta).unwrap_or_default();
        Ok(self.refuse("state store", &first.type_name))
    }

    async fn invoke_action(
        &self,
        request: Request<wire::invoke_action::Request>,
    ) -> Answer<Self::InvokeActionStream> {
        use wire::invoke_action::event::{Completed, Type};
        let diagnostics = unoffered(&self.catalogue, "action", &request.get_ref().action_type);
        Ok(one_message(wire::invoke_action::Event {
            r#type: Some(Type::Completed(Completed { diagnostics })),
        }))
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Answer<wire::validate_resource_config::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Answer<wire::upgrade_resource_state::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<wire::upgrade_resource_identity::Request>,
    ) -> Answer<wire::upgrade_resource_identity::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Answer<wire::read_resource::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Answer<wire::plan_resource_change::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Answer<wire::apply_resource_change::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Answer<wire::import_resource_state::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn move_resource_state(
        &self,
        request: Request<wire::move_resource_state::Request>,
    ) -> Answer<wire::move_resource_state::Response> {
        let diagnostics =
            unoffered(&self.catalogue, "resource", &request.get_ref().target_type_name);
        Ok(Response::new(wire::move_resource_state::Response { diagnostics, ..Default::default() }))
    }

    async fn generate_resource_config(
        &self,
        request: Request<wire::generate_resource_config::Request>,
    ) -> Answer<wire::generate_resource_config::Response> {
        Ok(self.refuse("resource", &request.get_ref().type_name))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<wire::validate_ephemeral_resource_config::Request>,
    ) -> Answer<wire::validate_ephemeral_resource_config::Response> {
        Ok(self.refuse("ephemeral resource", &request.get_ref().type_name))
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<wire::open_ephemeral_resource::Request>,
    ) -> Answer<wire::open_ephemeral_resource::Response> {
        Ok(self.refuse("ephemeral resource", &request.get_ref().type_name))
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<wire::renew_ephemeral_resource::Request>,
    ) -> Answer<wire::renew_ephemeral_resource::Response> {
        Ok(self.refuse("ephemeral resource", &request.get_ref().type_name))
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<wire::close_ephemeral_resource::Request>,
    ) -> Answer<wire::close_ephemeral_resource::Response> {
        Ok(self.refuse("ephemeral resource", &request.get_ref().type_name))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<wire::validate_list_resource_config::Request>,
    ) -> Answer<wire::validate_list_resource_config::Response> {
        Ok(self.refuse("list resource", &request.get_ref().type_name))
    }

    async fn validate_state_store_config(
        &self,
        request: Request<wire::validate_state_store::Request>,
    ) -> Answer<wire::validate_state_store::Response> {
        Ok(self.refuse("state store", &request.get_ref().type_name))
    }

    async fn configure_state_store(
        &self,
        request: Request<wire::configure_state_store::Request>,
    ) -> Answer<wire::configure_state_store::Response> {
        Ok(self.refuse("state store", &request.get_ref().type_name))
    }

    async fn lock_state(
        &self,
        request: Request<wire::lock_state::Request>,
    ) -> Answer<wire::lock_state::Response> {
        Ok(self.refuse("state store", &request.get_ref().type_name))
    }

    async fn unlock_state(
        &self,
        request: Request<wire::unlock_state::Request>,
    ) -> Answer<wire::unlock_state::Response> {
        Ok(self.refuse("state store", &request.get_ref().type_name))
    }

    async fn get_states(
        &self,
        request: Request<wire::get_states::Request>,
    ) -> Answer<wire::get_states::Response> {
        Ok(self.refuse("state store", &request.get_ref().type_name))
    }

    async fn delete_state(
        &self,
        request: Request<wire::delete_state::Request>,
    ) -> Answer<wire::delete_state::Response> {
        Ok(self.refuse("state store", &request.get_ref().type_name))
    }

    async fn plan_action(
        &self,
        request: Request<wire::plan_action::Request>,
    ) -> Answer<wire::plan_action::Response> {
        Ok(self.refuse("action", &request.get_ref().action_type))
    }

    async fn validate_action_config(
        &self,
        request: Request<wire::validate_action_config::Request>,
    ) -> Answer<wire::validate_action_config::Response> {
        Ok(self.refuse("action", &request.get_ref().type_name))
    }
}

impl Service {
    fn refuse<T: Refusal>(&self, kind: &str, name: &str) -> Response<T> {
        Response::new(T::with(unoffered(&self.catalogue, kind, name)))
    }
}

fn one_message<T>(message: T) -> Response<OneMessage<T>> {
    Response::new(tokio_stream::once(Ok(message)))
}
