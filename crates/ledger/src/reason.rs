//! Why something was refused: stable names, part of the contract.

use crate::coded::code_list;

code_list! {
    /// A reason of refusal. The names up to [`Reason::ListNotPosted`] are those of `RULES.md`; the others are the
    /// ledger's own. A name, once released, keeps its meaning for ever.
    Reason, "reason" {
        /// `RULES.md` 2.4.1
        MalformedXml = "MALFORMED_XML",
        /// `RULES.md` 2.4.2
        SchemaInvalid = "SCHEMA_INVALID",
        /// `RULES.md` 2.4.3
        MessageIdConflict = "MESSAGE_ID_CONFLICT",
        /// 4.1, 5.1, 8.1
        DocumentExists = "DOCUMENT_EXISTS",
        /// 4.1
        ZoneKindMismatch = "ZONE_KIND_MISMATCH",
        /// 4.2, 5.2, 8.6
        BookUnknown = "BOOK_UNKNOWN",
        /// 4.2, 5.7
        ChangeCountMismatch = "CHANGE_COUNT_MISMATCH",
        /// 5.2
        BookOwnerMismatch = "BOOK_OWNER_MISMATCH",
        /// 5.2
        BookExpired = "BOOK_EXPIRED",
        /// 5.2
        RelatedCompanyMissing = "RELATED_COMPANY_MISSING",
        /// 5.2
        ListKindUnknown = "LIST_KIND_UNKNOWN",
        /// 2.8
        NonPositiveQty = "NON_POSITIVE_QTY",
        /// 5.3.2
        NetExceedsGross = "NET_EXCEEDS_GROSS",
        /// 5.3.3
        ItemNotFiled = "ITEM_NOT_FILED",
        /// 5.3.3
        HsMismatch = "HS_MISMATCH",
        /// 5.3.3
        UnitMismatch = "UNIT_MISMATCH",
        /// 2.8
        SecondQtyMismatch = "SECOND_QTY_MISMATCH",
        /// 2.8
        StatutoryQtyMismatch = "STATUTORY_QTY_MISMATCH",
        /// 5.3.5
        ItemPaused = "ITEM_PAUSED",
        /// 3.7
        ShortStock = "SHORT_STOCK",
        /// 3.7
        StatutoryRemainder = "STATUTORY_REMAINDER",
        /// 8.6
        SuspenseExceeded = "SUSPENSE_EXCEEDED",
        /// 7.2
        TransferMismatch = "TRANSFER_MISMATCH",
        /// 5.7, 8.2
        DocumentUnknown = "DOCUMENT_UNKNOWN",
        /// 5.7
        AlreadyWithdrawn = "ALREADY_WITHDRAWN",
        /// 5.7
        PeriodVerified = "PERIOD_VERIFIED",
        /// 5.7
        AlreadyPosted = "ALREADY_POSTED",
        /// 5.7
        ListOnPass = "LIST_ON_PASS",
        /// 5.7
        ListPaired = "LIST_PAIRED",
        /// 5.9
        EditNotAllowed = "EDIT_NOT_ALLOWED",
        /// 8.1
        BindingMismatch = "BINDING_MISMATCH",
        /// 8.2
        LinkedDocState = "LINKED_DOC_STATE",
        /// 8.2
        DirectionMismatch = "DIRECTION_MISMATCH",
        /// 8.2
        PassQtyExceeded = "PASS_QTY_EXCEEDED",
        /// 5.7
        AlreadyReleased = "ALREADY_RELEASED",
        /// 4.3
        ZoneKindForbids = "ZONE_KIND_FORBIDS",
        /// 4.4
        BomInvalid = "BOM_INVALID",
        /// 5.3.6
        BomVersionUnknown = "BOM_VERSION_UNKNOWN",
        /// 10.1
        SerialExists = "SERIAL_EXISTS",
        /// 3.7, 10.2, 11.1, 13.3
        SerialNotInPlace = "SERIAL_NOT_IN_PLACE",
        /// 10.3
        ForeignRemovedPart = "FOREIGN_REMOVED_PART",
        /// 9.2
        FormExpired = "FORM_EXPIRED",
        /// The permit is closed.
        FormClosed = "FORM_CLOSED",
        /// Goods are out under the permit, or slips or lists on it wait, so that it cannot be closed.
        FormStockOut = "FORM_STOCK_OUT",
        /// A permit of this type is not for books of this kind.
        FormBookMismatch = "FORM_BOOK_MISMATCH",
        /// The permit would be valid for longer than its type allows, or is extended once more than that.
        PermitTooLong = "PERMIT_TOO_LONG",
        /// 9.2
        FormQuotaExceeded = "FORM_QUOTA_EXCEEDED",
        /// 9.2
        ReturnExceedsOut = "RETURN_EXCEEDS_OUT",
        /// What simple processing takes is not what the permit says that its results are made of.
        ProcessingMismatch = "PROCESSING_MISMATCH",
        /// There is no such guarantee, or it is another enterprise's.
        GuaranteeUnknown = "GUARANTEE_UNKNOWN",
        /// The guarantee is no longer valid.
        GuaranteeExpired = "GUARANTEE_EXPIRED",
        /// More would be drawn on the guarantee than is available, or set free than is bound.
        GuaranteeExceeded = "GUARANTEE_EXCEEDED",
        /// The credit level of the enterprise does not allow this.
        CreditLevelForbids = "CREDIT_LEVEL_FORBIDS",
        /// A pass names the slip.
        SlipOnPass = "SLIP_ON_PASS",
        /// The pass has been at a gate, or is taken back.
        PassNotOpen = "PASS_NOT_OPEN",
        /// 9.4
        SlipNotOpen = "SLIP_NOT_OPEN",
        /// 9.4
        ConsolidationMismatch = "CONSOLIDATION_MISMATCH",
        /// 9.5
        FormStockExceeded = "FORM_STOCK_EXCEEDED",
        /// 12.1
        ParcelLimitExceeded = "PARCEL_LIMIT_EXCEEDED",
        /// 12.2, 12.3
        ParcelNotOpen = "PARCEL_NOT_OPEN",
        /// `domain.md` 3.1: the buyer's year is full.
        BuyerLimitExceeded = "BUYER_LIMIT_EXCEEDED",
        /// 12.3
        ParcelSumMismatch = "PARCEL_SUM_MISMATCH",
        /// 13.4
        ListNotPosted = "LIST_NOT_POSTED",
        /// What the message is of, or needs, is not supported yet.
        Unsupported = "UNSUPPORTED",
        /// A field of a valid message holds a value that the ledger cannot take.
        InvalidField = "INVALID_FIELD",
        /// A step of a disposal, an adjustment or a tally that its state or its kind does not allow.
        DisposalState = "DISPOSAL_STATE",
        /// Destruction without evidence, or loss by force majeure without an official proof.
        EvidenceMissing = "EVIDENCE_MISSING",
        /// One principal may not approve two levels.
        ApproverRepeated = "APPROVER_REPEATED",
        /// The approval of a destruction is over.
        ApprovalExpired = "APPROVAL_EXPIRED",
        /// Dangerous or prohibited goods cannot be abandoned.
        AbandonmentForbidden = "ABANDONMENT_FORBIDDEN",
        /// Customs may not decide this on that.
        DecisionNotAllowed = "DECISION_NOT_ALLOWED",
        /// The parts that are decided on are not exactly the line, in every unit.
        DecidedSumMismatch = "DECIDED_SUM_MISMATCH",
        /// An asset is under another lease that is open.
        LeaseUnitTaken = "LEASE_UNIT_TAKEN",
        /// The lease is closed.
        LeaseClosed = "LEASE_CLOSED",
        /// The payment of rent is declared already.
        RentDeclared = "RENT_DECLARED",
        /// Rent is not declared, or an asset is out.
        LeaseNotSettled = "LEASE_NOT_SETTLED",
        /// The consumption regime of the book is not the one that this document is for.
        RegimeForbids = "REGIME_FORBIDS",
        /// The consumption regime of a book cannot change while something depends on it.
        RegimeInUse = "REGIME_IN_USE",
        /// The work order is closed.
        WorkOrderClosed = "WORK_ORDER_CLOSED",
        /// Something of the work order is in process still.
        WorkOrderOpenStock = "WORK_ORDER_OPEN_STOCK",
        /// More than the work order has in process.
        WorkOrderExceeded = "WORK_ORDER_EXCEEDED",
        /// The work order does not plan this product.
        ProductNotPlanned = "PRODUCT_NOT_PLANNED",
        /// The event cited cannot be taken back: it is not there, is a counter-event itself, or has one.
        EventNotOpen = "EVENT_NOT_OPEN",
        /// The item of a residue is of another kind.
        ResidueKindMismatch = "RESIDUE_KIND_MISMATCH",
        /// Use in a research book is reported without its project and evidence.
        ProjectMissing = "PROJECT_MISSING",
        /// The list cited is not one by which such products came back.
        ExchangeMismatch = "EXCHANGE_MISMATCH",
        /// Goods of this book are not bonded: they move by gate registration and change of status alone.
        NonBondedBook = "NON_BONDED_BOOK",
        /// Goods of this book are bonded: they do not move by gate registration.
        BondedBook = "BONDED_BOOK",
        /// The two books of a change of status do not go together.
        StatusChangeMismatch = "STATUS_CHANGE_MISMATCH",
        /// The declaration is not released.
        DeclarationNotReleased = "DECLARATION_NOT_RELEASED",
        /// The list was returned by customs.
        AlreadyReturned = "ALREADY_RETURNED",
        /// Customs stops the list.
        ListHeld = "LIST_HELD",
        /// The order or document does not fit what the list is, or where it stands.
        OrderNotApplicable = "ORDER_NOT_APPLICABLE",
        /// The correction is decided already.
        CorrectionNotOpen = "CORRECTION_NOT_OPEN",
        /// More than is left of the line of the list that is corrected.
        CorrectionExceedsList = "CORRECTION_EXCEEDS_LIST",
        /// The list or the line can only be corrected as a whole.
        CorrectionNotWhole = "CORRECTION_NOT_WHOLE",
        /// The list named is not one whose goods this list can return.
        ReturnOriginalMismatch = "RETURN_ORIGINAL_MISMATCH",
        /// More than is left to return of the list whose goods come back.
        ReturnExceedsOriginal = "RETURN_EXCEEDS_ORIGINAL",
        /// The office is not a zone of this ledger.
        ZoneUnknown = "ZONE_UNKNOWN",
        /// The book holds goods or has something open, where what is wanted needs it to be without.
        BookNotEmpty = "BOOK_NOT_EMPTY",
        /// A lot that a line names, or that goes back with one that is undone, is not there, or too little of it.
        LotShort = "LOT_SHORT",
        /// The book gives up the lots that lines name, and the line names none.
        LotNotNamed = "LOT_NOT_NAMED",
        /// The book is stopped in this direction.
        BookPaused = "BOOK_PAUSED",
        /// The book is under investigation, and what is asked for is not among what may be done meanwhile.
        BookUnderCase = "BOOK_UNDER_CASE",
        /// The book is under no case, under another one, or under one already.
        CaseMismatch = "CASE_MISMATCH",
        /// The book has ended.
        BookCancelled = "BOOK_CANCELLED",
        /// The two books of a carry-over do not go together, or an item of one not with that of the other.
        CarryOverMismatch = "CARRY_OVER_MISMATCH",
        /// Something waits at the goods that are carried over, or nothing is there.
        CarryOverBlocked = "CARRY_OVER_BLOCKED",
        /// A zone cannot become of that kind, or not in that way.
        ZoneConversion = "ZONE_CONVERSION",
        /// An open count campaign has an item in common with this one.
        CampaignOverlaps = "CAMPAIGN_OVERLAPS",
        /// The count campaign is closed or given up.
        CampaignNotOpen = "CAMPAIGN_NOT_OPEN",
        /// The count campaign does not count this item.
        CountOutOfScope = "COUNT_OUT_OF_SCOPE",
        /// Not everything that a count campaign counts was agreed on, and no reason is given.
        CampaignIncomplete = "CAMPAIGN_INCOMPLETE",
        /// Differences are recorded of a count that goes on still, or was given up.
        CampaignNotClosed = "CAMPAIGN_NOT_CLOSED",
        /// The figures rest on something else than the ledger has: revision, digest, cut-off, tolerance.
        BasisMismatch = "BASIS_MISMATCH",
        /// The same goods have a difference that is not over, or that ended after the revision that the figures rest on.
        DifferenceRecorded = "DIFFERENCE_RECORDED",
        /// A step of a difference, or an adjustment that cites it, that its state does not allow.
        DifferenceState = "DIFFERENCE_STATE",
        /// An adjustment is not of the goods of the difference that it cites, or takes more than is left of it.
        DifferenceMismatch = "DIFFERENCE_MISMATCH",
        /// An adjustment cites neither a decided difference nor a verification of which customs disposed.
        AdjustmentUndecided = "ADJUSTMENT_UNDECIDED",
        /// The ledger stopped the book because a check on its own work failed.
        BookFaulted = "BOOK_FAULTED",
        /// The same request id with other content.
        RequestIdReused = "REQUEST_ID_REUSED",
        /// The request id is older than outcomes are kept.
        RequestIdTooOld = "REQUEST_ID_TOO_OLD",
        /// The same delivery (source, sequence) with other bytes.
        DeliveryConflict = "DELIVERY_CONFLICT",
        /// A receipt that the recipient was never sent is acknowledged.
        ReceiptUnknown = "RECEIPT_UNKNOWN",
        /// The principal may not do this.
        PermissionDenied = "PERMISSION_DENIED",
        /// A ledger time was given, but live commands have touched the books.
        MigrationEnded = "MIGRATION_ENDED",
        /// Books are still being taken over: nothing is overdue yet.
        MigrationUnderWay = "MIGRATION_UNDER_WAY",
        /// The ledger time given lies before the last one.
        LedgerTimeBehind = "LEDGER_TIME_BEHIND",
        /// The ledger time given lies ahead of the record time.
        LedgerTimeAhead = "LEDGER_TIME_AHEAD",
        /// More lines, rows or keys than one command may have.
        TooLarge = "TOO_LARGE",
        /// A line, row or number stands twice in one document.
        NamedTwice = "NAMED_TWICE",
        /// The ledger is initialised already, or for another cluster.
        AlreadyInitialised = "ALREADY_INITIALISED",
        /// The behaviour asked for is not above the one in force, or is above what this release knows.
        BehaviourOutOfRange = "BEHAVIOUR_OUT_OF_RANGE",
        /// A check on the ledger's own work failed; nothing was changed, the books touched are stopped.
        InternalFault = "INTERNAL_FAULT",
        /// An operator told every node to pass over this revision.
        RefusedByOperator = "REFUSED_BY_OPERATOR",
        /// The verification does not stand where that can be done.
        VerificationState = "VERIFICATION_STATE",
        /// The period of a verification does not follow on the one that was closed before, or is not over.
        PeriodMismatch = "PERIOD_MISMATCH",
        /// Goods that need an import licence are sold at home, and none that is valid is registered.
        LicenceMissing = "LICENCE_MISSING",
        /// No import licence of these goods covers so much, or less would be allowed than is used.
        LicenceExceeded = "LICENCE_EXCEEDED",
        /// Customs challenges the BOM version: nothing new is made by it.
        BomChallenged = "BOM_CHALLENGED",
        /// A consultation put another BOM version in the place of this one.
        BomReplaced = "BOM_REPLACED",
        /// The BOM version may not be used on this day.
        BomNotInValidity = "BOM_NOT_IN_VALIDITY",
        /// Customs asks for a transfer form between zones, and the list names none.
        TransferFormMissing = "TRANSFER_FORM_MISSING",
        /// The list is not of the ends that its transfer form names.
        TransferFormMismatch = "TRANSFER_FORM_MISMATCH",
        /// The transfer form ended before the list was declared.
        TransferFormExpired = "TRANSFER_FORM_EXPIRED",
        /// The transfer form is closed.
        TransferFormClosed = "TRANSFER_FORM_CLOSED",
        /// Lists would have more of a line of the transfer form than it declares.
        TransferFormExceeded = "TRANSFER_FORM_EXCEEDED",
        /// A list on the transfer form is not posted, so that it cannot be closed.
        TransferFormInUse = "TRANSFER_FORM_IN_USE",
        /// A unit for repair is neither of the catalogue nor an own-group product, or may not leave to where it goes.
        RepairNotAllowed = "REPAIR_NOT_ALLOWED",
        /// Customs stops the permit, the slip, the pass or the parcel, or waits for its inspection.
        DocumentHeld = "DOCUMENT_HELD",
    }
}
