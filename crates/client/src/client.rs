//! Calls, to whichever node can answer.

use crate::error::{Error, Verdict, judge};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tonic::transport::{Channel, Endpoint};
use tonic::{Response, Status};
use zonebook_api::status::LEADER_METADATA;
use zonebook_api::v1;
use zonebook_api::v1::cluster_service_client::ClusterServiceClient;

const CONNECT_DEADLINE: Duration = Duration::from_secs(2);
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// A reply is at most this long.
pub(crate) const REPLY_BYTES_MAX: usize = 64 << 20;

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long a call may take with all that is tried again.
    pub deadline: Duration,
    /// How long one attempt may take.
    pub attempt: Duration,
    /// Whether a call waits for a node where too much waits; otherwise it is [`Error::Overloaded`], for a caller that has
    /// something better to do.
    pub waits_when_busy: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(30), attempt: Duration::from_secs(10), waits_when_busy: true }
    }
}

/// A client of a cluster. Clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    known: Mutex<Known>,
}

/// Addresses, with the one to ask first in front.
struct Known {
    addresses: Vec<String>,
    channels: HashMap<String, Channel>,
}

impl Known {
    fn first(&mut self, address: String) {
        self.addresses.retain(|known| *known != address);
        self.addresses.insert(0, address);
    }

    fn last(&mut self, address: &str) {
        if let Some(at) = self.addresses.iter().position(|known| known == address) {
            let address = self.addresses.remove(at);
            self.channels.remove(&address);
            self.addresses.push(address);
        }
    }
}

impl Client {
    /// A client of the cluster that has nodes at these addresses, `host:port`. Does not connect yet.
    #[must_use]
    pub fn new(addresses: impl IntoIterator<Item = String>, options: Options) -> Self {
        let addresses = addresses.into_iter().collect();
        let known = Mutex::new(Known { addresses, channels: HashMap::new() });
        Self { inner: Arc::new(Inner { options, known }) }
    }

    /// A client with connections of its own to the same cluster.
    #[must_use]
    pub fn unshared(&self) -> Self {
        let addresses = self.known().addresses.clone();
        Self::new(addresses, self.inner.options.clone())
    }

    /// The same, which asks another node first: that at a place in the list of addresses, beginning again at its end.
    #[must_use]
    pub fn unshared_from(&self, place: usize) -> Self {
        let mut addresses = self.known().addresses.clone();
        let first = place.checked_rem(addresses.len()).unwrap_or(0);
        addresses.rotate_left(first);
        Self::new(addresses, self.inner.options.clone())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.inner.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection to ask first, made when it is needed.
    fn channel(&self) -> Result<(String, Channel), Error> {
        let mut known = self.known();
        let Some(address) = known.addresses.first().cloned() else {
            return Err(Error::Unavailable("no address is given".into()));
        };
        if let Some(channel) = known.channels.get(&address) {
            return Ok((address, channel.clone()));
        }
        let endpoint = Endpoint::from_shared(format!("http://{address}"))
            .map_err(|error| Error::Unavailable(format!("{address}: {error}")))?;
        let endpoint = endpoint
            .connect_timeout(CONNECT_DEADLINE)
            .tcp_nodelay(true)
            .initial_stream_window_size(4 << 20)
            .initial_connection_window_size(8 << 20);
        let channel = endpoint.connect_lazy();
        known.channels.insert(address.clone(), channel.clone());
        Ok((address, channel))
    }

    /// Learns of all members and asks the leader first from now on. Saves the way over a node that does not lead.
    ///
    /// # Errors
    /// No node answers.
    pub async fn find_leader(&self) -> Result<v1::GetStatusResponse, Error> {
        let request = v1::GetStatusRequest {};
        let status = self
            .call(request, |channel, request| async move {
                ClusterServiceClient::new(channel).get_status(request).await
            })
            .await?;
        let mut known = self.known();
        for member in &status.members {
            if !known.addresses.contains(&member.api_address) {
                known.addresses.push(member.api_address.clone());
            }
        }
        if let Some(leader) = status.members.iter().find(|member| member.node_id == status.leader_id) {
            known.first(leader.api_address.clone());
        }
        Ok(status)
    }

    /// Makes a call, again and again until it has a reply, is refused, or the deadline is over. The call must be a read
    /// or carry a key: it may be carried out more than once.
    ///
    /// # Errors
    /// There is no reply; the error says whether it may have been applied.
    pub async fn call<Q: Clone, R, F>(
        &self,
        request: Q,
        attempt: impl Fn(Channel, Q) -> F,
    ) -> Result<R, Error>
    where
        F: Future<Output = Result<Response<R>, Status>>,
    {
        let deadline = Instant::now() + self.inner.options.deadline;
        let (mut pause, mut may_be_applied) = (PAUSE_MIN, false);
        loop {
            let (address, channel) = self.channel()?;
            let until = deadline.min(Instant::now() + self.inner.options.attempt);
            let why = match tokio::time::timeout_at(until, attempt(channel, request.clone())).await {
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Err(_) => {
                    may_be_applied = true;
                    self.known().last(&address);
                    format!("{address} takes too long")
                }
                Ok(Err(status)) => {
                    let leader =
                        status.metadata().get(LEADER_METADATA).and_then(|leader| leader.to_str().ok());
                    let leader = leader.map(str::to_owned);
                    let connected = !refused_connection(&status);
                    match judge(status) {
                        Verdict::Final(error) => return Err(error),
                        Verdict::Again(why) => {
                            match leader {
                                Some(leader) => self.known().first(leader),
                                None => self.known().last(&address),
                            }
                            why
                        }
                        Verdict::Later(why, again_after) if !self.inner.options.waits_when_busy => {
                            return Err(Error::Overloaded { why, again_after });
                        }
                        Verdict::Later(why, after) => {
                            pause = pause.max(spread(after));
                            why
                        }
                        Verdict::AgainUnknown(why) => {
                            may_be_applied |= connected;
                            self.known().last(&address);
                            format!("{address}: {why}")
                        }
                    }
                }
            };
            if Instant::now() + pause >= deadline {
                return Err(if may_be_applied {
                    Error::OutcomeUnknown(why)
                } else {
                    Error::Unavailable(why)
                });
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// The deadline of calls.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.inner.options.deadline
    }

    /// A connection for a stream, to whichever node is to be asked first.
    pub(crate) fn stream_channel(&self) -> Result<(String, Channel), Error> {
        self.channel()
    }

    /// Puts a node behind the others.
    pub(crate) fn distrust(&self, address: &str) {
        self.known().last(address);
    }
}

/// A time and up to half as much again, so that those who were sent away together do not come back together.
fn spread(time: Duration) -> Duration {
    let [first, ..] = *uuid::Uuid::new_v4().as_bytes();
    time + time / 2 * u32::from(first) / u32::from(u8::MAX)
}

/// Whether the connection was never made: nothing was sent then.
fn refused_connection(status: &Status) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(status);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionRefused | std::io::ErrorKind::AddrNotAvailable
            );
        }
        source = error.source();
    }
    false
}

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($request:ident) -> $response:ident of $client:ident :: $service:ident;)*) => {
        impl Client {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// See [`Error`].
            pub async fn $name(&self, request: v1::$request) -> Result<v1::$response, Error> {
                self.call(request, |channel, request| async move {
                    v1::$client::$service::new(channel)
                        .max_decoding_message_size(REPLY_BYTES_MAX)
                        .$name(request)
                        .await
                })
                .await
            }
        )*}
    };
}

calls! {
    /// Files or changes a book.
    file_book(FileBookRequest) -> FileBookResponse of book_service_client::BookServiceClient;
    /// One book.
    get_book(GetBookRequest) -> GetBookResponse of book_service_client::BookServiceClient;
    /// Books.
    list_books(ListBooksRequest) -> ListBooksResponse of book_service_client::BookServiceClient;
    /// Items of a book.
    list_items(ListItemsRequest) -> ListItemsResponse of book_service_client::BookServiceClient;
    /// BOM versions of a book.
    list_bom_lines(ListBomLinesRequest) -> ListBomLinesResponse of book_service_client::BookServiceClient;
    /// Sets a parameter.
    set_parameter(SetParameterRequest) -> SetParameterResponse of book_service_client::BookServiceClient;
    /// Parameters.
    get_parameters(GetParametersRequest) -> GetParametersResponse of book_service_client::BookServiceClient;
    /// Puts a zone in place.
    define_zone(DefineZoneRequest) -> DefineZoneResponse of book_service_client::BookServiceClient;
    /// Puts an enterprise in place.
    define_party(DefinePartyRequest) -> DefinePartyResponse of book_service_client::BookServiceClient;
    /// One enterprise.
    get_party(GetPartyRequest) -> GetPartyResponse of book_service_client::BookServiceClient;
    /// Enterprises in order of registration number.
    list_parties(ListPartiesRequest) -> ListPartiesResponse of book_service_client::BookServiceClient;
    /// One zone.
    get_zone(GetZoneRequest) -> GetZoneResponse of book_service_client::BookServiceClient;
    /// Zones.
    list_zones(ListZonesRequest) -> ListZonesResponse of book_service_client::BookServiceClient;
    /// Converts a zone.
    convert_zone(ConvertZoneRequest) -> ConvertZoneResponse of book_service_client::BookServiceClient;
    /// Makes a book valid until a later day.
    extend_book(ExtendBookRequest) -> ExtendBookResponse of book_service_client::BookServiceClient;
    /// Puts a book under investigation.
    open_book_case(OpenBookCaseRequest) -> OpenBookCaseResponse of book_service_client::BookServiceClient;
    /// Ends an investigation.
    lift_book_case(LiftBookCaseRequest) -> LiftBookCaseResponse of book_service_client::BookServiceClient;
    /// Ends a book.
    cancel_book(CancelBookRequest) -> CancelBookResponse of book_service_client::BookServiceClient;
    /// Orders of customs about a book.
    list_book_orders(ListBookOrdersRequest) -> ListBookOrdersResponse of book_service_client::BookServiceClient;
    /// Carries goods over to a successor.
    carry_over_goods(CarryOverGoodsRequest) -> CarryOverGoodsResponse of book_service_client::BookServiceClient;
    /// One carry-over.
    get_carry_over(GetCarryOverRequest) -> GetCarryOverResponse of book_service_client::BookServiceClient;
    /// How BOM versions of a book stand.
    list_bom_versions(ListBomVersionsRequest) -> ListBomVersionsResponse of book_service_client::BookServiceClient;
    /// Says on which days a BOM version may be used.
    set_bom_validity(SetBomValidityRequest) -> SetBomValidityResponse of book_service_client::BookServiceClient;
    /// Challenges a BOM version.
    challenge_bom(ChallengeBomRequest) -> ChallengeBomResponse of book_service_client::BookServiceClient;
    /// Settles the challenge of a BOM version.
    settle_bom_challenge(SettleBomChallengeRequest) -> SettleBomChallengeResponse of book_service_client::BookServiceClient;
    /// Challenges of the BOM versions of a book.
    list_bom_challenges(ListBomChallengesRequest) -> ListBomChallengesResponse of book_service_client::BookServiceClient;
    /// Stops or frees a book or an item.
    set_stops(SetStopsRequest) -> SetStopsResponse of book_service_client::BookServiceClient;
    /// Registers own-group products of a repair book.
    register_own_group(RegisterOwnGroupRequest) -> RegisterOwnGroupResponse of book_service_client::BookServiceClient;
    /// What was registered of them.
    list_own_group(ListOwnGroupRequest) -> ListOwnGroupResponse of book_service_client::BookServiceClient;
    /// Says in which order a book gives up its lots.
    set_lot_method(SetLotMethodRequest) -> SetLotMethodResponse of book_service_client::BookServiceClient;
    /// Submits a list.
    submit_movement(SubmitMovementRequest) -> SubmitMovementResponse of movement_service_client::MovementServiceClient;
    /// Submits lists.
    batch_submit_movements(BatchSubmitMovementsRequest) -> BatchSubmitMovementsResponse of movement_service_client::MovementServiceClient;
    /// Changes a list.
    change_movement(ChangeMovementRequest) -> ChangeMovementResponse of movement_service_client::MovementServiceClient;
    /// Takes a list back.
    withdraw_movement(WithdrawMovementRequest) -> WithdrawMovementResponse of movement_service_client::MovementServiceClient;
    /// Sends a list back.
    return_movement(ReturnMovementRequest) -> ReturnMovementResponse of movement_service_client::MovementServiceClient;
    /// Notes a notice about a declaration.
    release_declaration(ReleaseDeclarationRequest) -> ReleaseDeclarationResponse of movement_service_client::MovementServiceClient;
    /// One list.
    get_movement(GetMovementRequest) -> GetMovementResponse of movement_service_client::MovementServiceClient;
    /// Transfers whose two sides differ.
    list_transfer_differences(ListTransferDifferencesRequest) -> ListTransferDifferencesResponse of movement_service_client::MovementServiceClient;
    /// Lists.
    list_movements(ListMovementsRequest) -> ListMovementsResponse of movement_service_client::MovementServiceClient;
    /// Asks to undo a posted list.
    file_correction(FileCorrectionRequest) -> FileCorrectionResponse of correction_service_client::CorrectionServiceClient;
    /// Approves or rejects a correction.
    decide_correction(DecideCorrectionRequest) -> DecideCorrectionResponse of correction_service_client::CorrectionServiceClient;
    /// One correction.
    get_correction(GetCorrectionRequest) -> GetCorrectionResponse of correction_service_client::CorrectionServiceClient;
    /// Corrections.
    list_corrections(ListCorrectionsRequest) -> ListCorrectionsResponse of correction_service_client::CorrectionServiceClient;
    /// Records what was counted.
    file_tally(FileTallyRequest) -> FileTallyResponse of correction_service_client::CorrectionServiceClient;
    /// One tally.
    get_tally(GetTallyRequest) -> GetTallyResponse of correction_service_client::CorrectionServiceClient;
    /// Tallies, all or those that wait for customs.
    list_tallies(ListTalliesRequest) -> ListTalliesResponse of correction_service_client::CorrectionServiceClient;
    /// Orders something about a list.
    order_movement(OrderMovementRequest) -> OrderMovementResponse of correction_service_client::CorrectionServiceClient;
    /// Orders something about a permit, a slip, a pass or a parcel.
    order_document(OrderDocumentRequest) -> OrderDocumentResponse of correction_service_client::CorrectionServiceClient;
    /// How one of them stands with customs.
    get_hold(GetHoldRequest) -> GetHoldResponse of correction_service_client::CorrectionServiceClient;
    /// All of them, or those that are stopped.
    list_holds(ListHoldsRequest) -> ListHoldsResponse of correction_service_client::CorrectionServiceClient;
    /// Decides on what a tally did not find.
    decide_tally(DecideTallyRequest) -> DecideTallyResponse of correction_service_client::CorrectionServiceClient;
    /// Lets a list take more than there is.
    allow_overdraft(AllowOverdraftRequest) -> AllowOverdraftResponse of correction_service_client::CorrectionServiceClient;
    /// What a list may overdraw.
    get_overdraft(GetOverdraftRequest) -> GetOverdraftResponse of correction_service_client::CorrectionServiceClient;
    /// Gives a list its declaration number.
    assign_declaration(AssignDeclarationRequest) -> AssignDeclarationResponse of correction_service_client::CorrectionServiceClient;
    /// Files a consumption slip.
    file_consumption(FileConsumptionRequest) -> FileConsumptionResponse of movement_service_client::MovementServiceClient;
    /// Changes a consumption slip.
    change_consumption(ChangeConsumptionRequest) -> ChangeConsumptionResponse of movement_service_client::MovementServiceClient;
    /// Takes a consumption slip back.
    void_consumption(VoidConsumptionRequest) -> VoidConsumptionResponse of movement_service_client::MovementServiceClient;
    /// One consumption slip.
    get_consumption(GetConsumptionRequest) -> GetConsumptionResponse of movement_service_client::MovementServiceClient;
    /// Opens a work order.
    open_work_order(OpenWorkOrderRequest) -> OpenWorkOrderResponse of work_order_service_client::WorkOrderServiceClient;
    /// Reports to a work order.
    report_work_order(ReportWorkOrderRequest) -> ReportWorkOrderResponse of work_order_service_client::WorkOrderServiceClient;
    /// Closes a work order.
    close_work_order(CloseWorkOrderRequest) -> CloseWorkOrderResponse of work_order_service_client::WorkOrderServiceClient;
    /// One work order.
    get_work_order(GetWorkOrderRequest) -> GetWorkOrderResponse of work_order_service_client::WorkOrderServiceClient;
    /// Work orders of a book.
    list_work_orders(ListWorkOrdersRequest) -> ListWorkOrdersResponse of work_order_service_client::WorkOrderServiceClient;
    /// Events of a work order.
    list_work_order_events(ListWorkOrderEventsRequest) -> ListWorkOrderEventsResponse of work_order_service_client::WorkOrderServiceClient;
    /// Actual beside filed consumption.
    list_consumption_comparisons(ListConsumptionComparisonsRequest) -> ListConsumptionComparisonsResponse of work_order_service_client::WorkOrderServiceClient;
    /// Records of use for research.
    list_research_uses(ListResearchUsesRequest) -> ListResearchUsesResponse of research_service_client::ResearchServiceClient;
    /// What projects of research used and made.
    list_project_totals(ListProjectTotalsRequest) -> ListProjectTotalsResponse of research_service_client::ResearchServiceClient;
    /// Registers goods at the gate.
    file_registration(FileRegistrationRequest) -> FileRegistrationResponse of goods_status_service_client::GoodsStatusServiceClient;
    /// One registration.
    get_registration(GetRegistrationRequest) -> GetRegistrationResponse of goods_status_service_client::GoodsStatusServiceClient;
    /// Registrations.
    list_registrations(ListRegistrationsRequest) -> ListRegistrationsResponse of goods_status_service_client::GoodsStatusServiceClient;
    /// Changes the status of goods.
    change_status(ChangeStatusRequest) -> ChangeStatusResponse of goods_status_service_client::GoodsStatusServiceClient;
    /// One change of status.
    get_status_change(GetStatusChangeRequest) -> GetStatusChangeResponse of goods_status_service_client::GoodsStatusServiceClient;
    /// Changes of status.
    list_status_changes(ListStatusChangesRequest) -> ListStatusChangesResponse of goods_status_service_client::GoodsStatusServiceClient;
    /// Reserves goods for parcels.
    file_parcels(FileParcelsRequest) -> FileParcelsResponse of movement_service_client::MovementServiceClient;
    /// Takes parcels back.
    cancel_parcels(CancelParcelsRequest) -> CancelParcelsResponse of movement_service_client::MovementServiceClient;
    /// One parcel.
    get_parcel(GetParcelRequest) -> GetParcelResponse of movement_service_client::MovementServiceClient;
    /// Says something of sales of electronic commerce.
    file_sale_statements(FileSaleStatementsRequest) -> FileSaleStatementsResponse of movement_service_client::MovementServiceClient;
    /// What was said of one order.
    get_sale(GetSaleRequest) -> GetSaleResponse of movement_service_client::MovementServiceClient;
    /// What was said of one waybill.
    get_waybill(GetWaybillRequest) -> GetWaybillResponse of movement_service_client::MovementServiceClient;
    /// Takes goods of a parcel back.
    file_parcel_return(FileParcelReturnRequest) -> FileParcelReturnResponse of movement_service_client::MovementServiceClient;
    /// One return of a parcel.
    get_parcel_return(GetParcelReturnRequest) -> GetParcelReturnResponse of movement_service_client::MovementServiceClient;
    /// A buyer's year.
    get_buyer(GetBuyerRequest) -> GetBuyerResponse of movement_service_client::MovementServiceClient;
    /// The lines of a list's declaration.
    get_declaration_lines(GetDeclarationLinesRequest) -> GetDeclarationLinesResponse of movement_service_client::MovementServiceClient;
    /// Imports reference data.
    import_reference(ImportReferenceRequest) -> ImportReferenceResponse of reference_service_client::ReferenceServiceClient;
    /// One row of reference data.
    get_reference(GetReferenceRequest) -> GetReferenceResponse of reference_service_client::ReferenceServiceClient;
    /// Rows of reference data.
    list_references(ListReferencesRequest) -> ListReferencesResponse of reference_service_client::ReferenceServiceClient;
    /// What is suspended, in one sum.
    get_exposure(GetExposureRequest) -> GetExposureResponse of duty_service_client::DutyServiceClient;
    /// What is suspended, position by position.
    list_exposure(ListExposureRequest) -> ListExposureResponse of duty_service_client::DutyServiceClient;
    /// Duty of a product by both routes.
    get_product_quote(GetProductQuoteRequest) -> GetProductQuoteResponse of duty_service_client::DutyServiceClient;
    /// Interest on deferred duty.
    get_deferred_interest(GetDeferredInterestRequest) -> GetDeferredInterestResponse of duty_service_client::DutyServiceClient;
    /// Equipment released before its custody ends.
    get_equipment_release(GetEquipmentReleaseRequest) -> GetEquipmentReleaseResponse of duty_service_client::DutyServiceClient;
    /// Duty on what processing abroad added.
    get_added_value_duty(GetAddedValueDutyRequest) -> GetAddedValueDutyResponse of duty_service_client::DutyServiceClient;
    /// The taxes of a parcel.
    get_parcel_tax(GetParcelTaxRequest) -> GetParcelTaxResponse of duty_service_client::DutyServiceClient;
    /// Files a permit.
    file_permit(FilePermitRequest) -> FilePermitResponse of permit_service_client::PermitServiceClient;
    /// Changes a permit.
    change_permit(ChangePermitRequest) -> ChangePermitResponse of permit_service_client::PermitServiceClient;
    /// Ends a permit.
    close_permit(ClosePermitRequest) -> ClosePermitResponse of permit_service_client::PermitServiceClient;
    /// One permit.
    get_permit(GetPermitRequest) -> GetPermitResponse of permit_service_client::PermitServiceClient;
    /// Permits.
    list_permits(ListPermitsRequest) -> ListPermitsResponse of permit_service_client::PermitServiceClient;
    /// Files a slip.
    file_slip(FileSlipRequest) -> FileSlipResponse of permit_service_client::PermitServiceClient;
    /// Changes a slip.
    change_slip(ChangeSlipRequest) -> ChangeSlipResponse of permit_service_client::PermitServiceClient;
    /// Takes a slip back.
    void_slip(VoidSlipRequest) -> VoidSlipResponse of permit_service_client::PermitServiceClient;
    /// One slip.
    get_slip(GetSlipRequest) -> GetSlipResponse of permit_service_client::PermitServiceClient;
    /// Customs approves that products made outside do not come back.
    approve_direct_exit(ApproveDirectExitRequest) -> ApproveDirectExitResponse of permit_service_client::PermitServiceClient;
    /// Revokes that.
    revoke_direct_exit(RevokeDirectExitRequest) -> RevokeDirectExitResponse of permit_service_client::PermitServiceClient;
    /// One such approval.
    get_direct_exit(GetDirectExitRequest) -> GetDirectExitResponse of permit_service_client::PermitServiceClient;
    /// Such approvals in order of number.
    list_direct_exits(ListDirectExitsRequest) -> ListDirectExitsResponse of permit_service_client::PermitServiceClient;
    /// Files a disposal.
    file_disposal(FileDisposalRequest) -> FileDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// Approves a level of a disposal.
    approve_disposal(ApproveDisposalRequest) -> ApproveDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// Refuses a disposal.
    reject_disposal(RejectDisposalRequest) -> RejectDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// Takes a disposal back.
    withdraw_disposal(WithdrawDisposalRequest) -> WithdrawDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// Records a destruction.
    execute_disposal(ExecuteDisposalRequest) -> ExecuteDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// Decides on a disposal.
    decide_disposal(DecideDisposalRequest) -> DecideDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// One disposal.
    get_disposal(GetDisposalRequest) -> GetDisposalResponse of disposal_service_client::DisposalServiceClient;
    /// Disposals.
    list_disposals(ListDisposalsRequest) -> ListDisposalsResponse of disposal_service_client::DisposalServiceClient;
    /// Files an adjustment.
    file_adjustment(FileAdjustmentRequest) -> FileAdjustmentResponse of adjustment_service_client::AdjustmentServiceClient;
    /// Decides on an adjustment.
    decide_adjustment(DecideAdjustmentRequest) -> DecideAdjustmentResponse of adjustment_service_client::AdjustmentServiceClient;
    /// One adjustment.
    get_adjustment(GetAdjustmentRequest) -> GetAdjustmentResponse of adjustment_service_client::AdjustmentServiceClient;
    /// Records the differences of a count.
    record_differences(RecordDifferencesRequest) -> RecordDifferencesResponse of difference_service_client::DifferenceServiceClient;
    /// Says who has to see to a difference.
    assign_difference(AssignDifferenceRequest) -> AssignDifferenceResponse of difference_service_client::DifferenceServiceClient;
    /// Decides on a difference.
    decide_difference(DecideDifferenceRequest) -> DecideDifferenceResponse of difference_service_client::DifferenceServiceClient;
    /// One difference.
    get_difference(GetDifferenceRequest) -> GetDifferenceResponse of difference_service_client::DifferenceServiceClient;
    /// Differences.
    list_differences(ListDifferencesRequest) -> ListDifferencesResponse of difference_service_client::DifferenceServiceClient;
    /// Sets what an office tolerates.
    set_tolerance(SetToleranceRequest) -> SetToleranceResponse of difference_service_client::DifferenceServiceClient;
    /// What an office tolerates.
    get_tolerances(GetTolerancesRequest) -> GetTolerancesResponse of difference_service_client::DifferenceServiceClient;
    /// Adjustments.
    list_adjustments(ListAdjustmentsRequest) -> ListAdjustmentsResponse of adjustment_service_client::AdjustmentServiceClient;
    /// Deadlines that fall soon.
    list_due(ListDueRequest) -> ListDueResponse of deadline_service_client::DeadlineServiceClient;
    /// Deadlines that were missed.
    list_overdue(ListOverdueRequest) -> ListOverdueResponse of deadline_service_client::DeadlineServiceClient;
    /// Writes down what has become overdue.
    record_overdue(RecordOverdueRequest) -> RecordOverdueResponse of deadline_service_client::DeadlineServiceClient;
    /// What was written down as overdue.
    list_overdue_records(ListOverdueRecordsRequest) -> ListOverdueRecordsResponse of deadline_service_client::DeadlineServiceClient;
    /// Sets a year of the calendar.
    set_calendar(SetCalendarRequest) -> SetCalendarResponse of deadline_service_client::DeadlineServiceClient;
    /// A year of the calendar.
    get_calendar(GetCalendarRequest) -> GetCalendarResponse of deadline_service_client::DeadlineServiceClient;
    /// By when a parcel may be returned.
    get_return_window(GetReturnWindowRequest) -> GetReturnWindowResponse of deadline_service_client::DeadlineServiceClient;
    /// Registers a lease.
    register_lease(RegisterLeaseRequest) -> RegisterLeaseResponse of lease_service_client::LeaseServiceClient;
    /// Notes that rent was declared.
    declare_rent(DeclareRentRequest) -> DeclareRentResponse of lease_service_client::LeaseServiceClient;
    /// Extends a lease.
    extend_lease(ExtendLeaseRequest) -> ExtendLeaseResponse of lease_service_client::LeaseServiceClient;
    /// Gives a lease to another lessor.
    change_lessor(ChangeLessorRequest) -> ChangeLessorResponse of lease_service_client::LeaseServiceClient;
    /// Notes what an office elsewhere saw.
    observe_lease(ObserveLeaseRequest) -> ObserveLeaseResponse of lease_service_client::LeaseServiceClient;
    /// Closes a lease.
    close_lease(CloseLeaseRequest) -> CloseLeaseResponse of lease_service_client::LeaseServiceClient;
    /// One lease.
    get_lease(GetLeaseRequest) -> GetLeaseResponse of lease_service_client::LeaseServiceClient;
    /// Leases.
    list_leases(ListLeasesRequest) -> ListLeasesResponse of lease_service_client::LeaseServiceClient;
    /// Opens a guarantee.
    open_guarantee(OpenGuaranteeRequest) -> OpenGuaranteeResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Adds to a guarantee.
    levy_guarantee(LevyGuaranteeRequest) -> LevyGuaranteeResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Binds an amount of a guarantee.
    draw_guarantee(DrawGuaranteeRequest) -> DrawGuaranteeResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Sets an amount of a guarantee free.
    restore_guarantee(RestoreGuaranteeRequest) -> RestoreGuaranteeResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Sets the last day of a guarantee.
    extend_guarantee(ExtendGuaranteeRequest) -> ExtendGuaranteeResponse of guarantee_service_client::GuaranteeServiceClient;
    /// One guarantee.
    get_guarantee(GetGuaranteeRequest) -> GetGuaranteeResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Guarantees.
    list_guarantees(ListGuaranteesRequest) -> ListGuaranteesResponse of guarantee_service_client::GuaranteeServiceClient;
    /// The journal of a guarantee.
    list_guarantee_entries(ListGuaranteeEntriesRequest) -> ListGuaranteeEntriesResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Files a transfer form.
    file_transfer_form(FileTransferFormRequest) -> FileTransferFormResponse of transfer_form_service_client::TransferFormServiceClient;
    /// New content for a transfer form.
    change_transfer_form(ChangeTransferFormRequest) -> ChangeTransferFormResponse of transfer_form_service_client::TransferFormServiceClient;
    /// Ends a transfer form.
    close_transfer_form(CloseTransferFormRequest) -> CloseTransferFormResponse of transfer_form_service_client::TransferFormServiceClient;
    /// One transfer form, and what became of its lines.
    get_transfer_form(GetTransferFormRequest) -> GetTransferFormResponse of transfer_form_service_client::TransferFormServiceClient;
    /// Transfer forms.
    list_transfer_forms(ListTransferFormsRequest) -> ListTransferFormsResponse of transfer_form_service_client::TransferFormServiceClient;
    /// Registers an import licence.
    register_licence(RegisterLicenceRequest) -> RegisterLicenceResponse of licence_service_client::LicenceServiceClient;
    /// Sets what an import licence allows.
    amend_licence(AmendLicenceRequest) -> AmendLicenceResponse of licence_service_client::LicenceServiceClient;
    /// One import licence.
    get_licence(GetLicenceRequest) -> GetLicenceResponse of licence_service_client::LicenceServiceClient;
    /// Import licences.
    list_licences(ListLicencesRequest) -> ListLicencesResponse of licence_service_client::LicenceServiceClient;
    /// The journal of an import licence.
    list_licence_entries(ListLicenceEntriesRequest) -> ListLicenceEntriesResponse of licence_service_client::LicenceServiceClient;
    /// Sets a credit level.
    set_credit_level(SetCreditLevelRequest) -> SetCreditLevelResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Credit levels of an enterprise.
    get_credit_levels(GetCreditLevelsRequest) -> GetCreditLevelsResponse of guarantee_service_client::GuaranteeServiceClient;
    /// Sets counted goods beside their books.
    reconcile(ReconcileRequest) -> ReconcileResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Files a verification.
    file_verification(FileVerificationRequest) -> FileVerificationResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Verifications of a book.
    list_verifications(ListVerificationsRequest) -> ListVerificationsResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Documents that do not agree.
    list_breaks(ListBreaksRequest) -> ListBreaksResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// The year of a US foreign-trade zone.
    reconcile_year(ReconcileYearRequest) -> ReconcileYearResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// The closing rule of a repair book.
    reconcile_repairs(ReconcileRepairsRequest) -> ReconcileRepairsResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// A bill of discharge.
    compute_discharge(ComputeDischargeRequest) -> ComputeDischargeResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Opens a count campaign.
    open_campaign(OpenCampaignRequest) -> OpenCampaignResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Hands in a sheet of counts.
    record_counts(RecordCountsRequest) -> RecordCountsResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Ends a count campaign.
    close_campaign(CloseCampaignRequest) -> CloseCampaignResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Gives a count campaign up.
    cancel_campaign(CancelCampaignRequest) -> CancelCampaignResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// One count campaign.
    get_campaign(GetCampaignRequest) -> GetCampaignResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Count campaigns.
    list_campaigns(ListCampaignsRequest) -> ListCampaignsResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// What was counted.
    list_counts(ListCountsRequest) -> ListCountsResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// What has to be counted.
    list_count_sheet(ListCountSheetRequest) -> ListCountSheetResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// How far a verification has come.
    get_verification(GetVerificationRequest) -> GetVerificationResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// The figures of a verification.
    compute_verification(ComputeVerificationRequest) -> ComputeVerificationResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Asks for a supplement to a verification.
    ask_supplement(AskSupplementRequest) -> AskSupplementResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Confirms the differences of a verification.
    confirm_verification(ConfirmVerificationRequest) -> ConfirmVerificationResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// Closes the period of a verification.
    close_verification(CloseVerificationRequest) -> CloseVerificationResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// A verification as a message.
    get_verification_message(GetVerificationMessageRequest) -> GetVerificationMessageResponse of reconciliation_service_client::ReconciliationServiceClient;
    /// What became of a request.
    get_outcome(GetOutcomeRequest) -> GetOutcomeResponse of movement_service_client::MovementServiceClient;
    /// Files a pass.
    file_pass(FilePassRequest) -> FilePassResponse of gate_service_client::GateServiceClient;
    /// Takes a pass back.
    void_pass(VoidPassRequest) -> VoidPassResponse of gate_service_client::GateServiceClient;
    /// Reports a passage.
    report_passage(ReportPassageRequest) -> ReportPassageResponse of gate_service_client::GateServiceClient;
    /// Reports many passages.
    batch_report_passages(BatchReportPassagesRequest) -> BatchReportPassagesResponse of gate_service_client::GateServiceClient;
    /// May this vehicle pass?
    get_passage_advice(GetPassageAdviceRequest) -> GetPassageAdviceResponse of gate_service_client::GateServiceClient;
    /// One pass.
    get_pass(GetPassRequest) -> GetPassResponse of gate_service_client::GateServiceClient;
    /// Hands in a message.
    receive_message(ReceiveMessageRequest) -> ReceiveMessageResponse of message_service_client::MessageServiceClient;
    /// Hands in messages.
    batch_receive_messages(BatchReceiveMessagesRequest) -> BatchReceiveMessagesResponse of message_service_client::MessageServiceClient;
    /// What became of a message.
    get_message_outcome(GetMessageOutcomeRequest) -> GetMessageOutcomeResponse of message_service_client::MessageServiceClient;
    /// What became of messages.
    list_message_outcomes(ListMessageOutcomesRequest) -> ListMessageOutcomesResponse of message_service_client::MessageServiceClient;
    /// The bytes of a message.
    get_original(GetOriginalRequest) -> GetOriginalResponse of message_service_client::MessageServiceClient;
    /// Gaps of a source.
    list_gaps(ListGapsRequest) -> ListGapsResponse of message_service_client::MessageServiceClient;
    /// Receipts once more.
    list_receipts(ListReceiptsRequest) -> ListReceiptsResponse of message_service_client::MessageServiceClient;
    /// The numbers of a recipient's receipts.
    get_mailbox(GetMailboxRequest) -> GetMailboxResponse of message_service_client::MessageServiceClient;
    /// Says which receipts came.
    acknowledge_receipts(AcknowledgeReceiptsRequest) -> AcknowledgeReceiptsResponse of message_service_client::MessageServiceClient;
    /// What customs said otherwise.
    list_receipt_differences(ListReceiptDifferencesRequest) -> ListReceiptDifferencesResponse of message_service_client::MessageServiceClient;
    /// A message that asks customs for receipts again.
    get_reminder(GetReminderRequest) -> GetReminderResponse of message_service_client::MessageServiceClient;
    /// A page for people.
    get_printout(GetPrintoutRequest) -> GetPrintoutResponse of message_service_client::MessageServiceClient;
    /// One position.
    get_position(GetPositionRequest) -> GetPositionResponse of balance_service_client::BalanceServiceClient;
    /// Positions.
    list_positions(ListPositionsRequest) -> ListPositionsResponse of balance_service_client::BalanceServiceClient;
    /// The lots of a book.
    list_lots(ListLotsRequest) -> ListLotsResponse of balance_service_client::BalanceServiceClient;
    /// The lots that a document took.
    get_taken_lots(GetTakenLotsRequest) -> GetTakenLotsResponse of balance_service_client::BalanceServiceClient;
    /// The history of a position.
    list_statement(ListStatementRequest) -> ListStatementResponse of balance_service_client::BalanceServiceClient;
    /// What a node knows of the cluster.
    get_status(GetStatusRequest) -> GetStatusResponse of cluster_service_client::ClusterServiceClient;
    /// Adds a learner.
    add_learner(AddLearnerRequest) -> AddLearnerResponse of cluster_service_client::ClusterServiceClient;
    /// Makes a learner a voter.
    promote_learner(PromoteLearnerRequest) -> PromoteLearnerResponse of cluster_service_client::ClusterServiceClient;
    /// Removes a member.
    remove_member(RemoveMemberRequest) -> RemoveMemberResponse of cluster_service_client::ClusterServiceClient;
    /// Hands leadership over.
    transfer_leadership(TransferLeadershipRequest) -> TransferLeadershipResponse of cluster_service_client::ClusterServiceClient;
    /// Puts a higher behaviour in force.
    raise_behaviour(RaiseBehaviourRequest) -> RaiseBehaviourResponse of cluster_service_client::ClusterServiceClient;
    /// Takes a snapshot.
    trigger_snapshot(TriggerSnapshotRequest) -> TriggerSnapshotResponse of cluster_service_client::ClusterServiceClient;
}
