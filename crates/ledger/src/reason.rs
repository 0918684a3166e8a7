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
        /// 9.2
        FormQuotaExceeded = "FORM_QUOTA_EXCEEDED",
        /// 9.2
        ReturnExceedsOut = "RETURN_EXCEEDS_OUT",
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
        /// 12.3
        ParcelSumMismatch = "PARCEL_SUM_MISMATCH",
        /// 13.4
        ListNotPosted = "LIST_NOT_POSTED",
        /// What the message is of, or needs, is not supported yet.
        Unsupported = "UNSUPPORTED",
        /// A field of a valid message holds a value that the ledger cannot take.
        InvalidField = "INVALID_FIELD",
        /// The list was returned by customs.
        AlreadyReturned = "ALREADY_RETURNED",
        /// The office is not a zone of this ledger.
        ZoneUnknown = "ZONE_UNKNOWN",
        /// The book holds goods or has something open, where what is wanted needs it to be without.
        BookNotEmpty = "BOOK_NOT_EMPTY",
        /// A lot that a line names is not there, or too little of it.
        LotShort = "LOT_SHORT",
        /// The book gives up the lots that lines name, and the line names none.
        LotNotNamed = "LOT_NOT_NAMED",
        /// The book is stopped in this direction.
        BookPaused = "BOOK_PAUSED",
        /// The ledger stopped the book because a check on its own work failed.
        BookFaulted = "BOOK_FAULTED",
        /// The same request id with other content.
        RequestIdReused = "REQUEST_ID_REUSED",
        /// The request id is older than outcomes are kept.
        RequestIdTooOld = "REQUEST_ID_TOO_OLD",
        /// The same delivery (source, sequence) with other bytes.
        DeliveryConflict = "DELIVERY_CONFLICT",
        /// The principal may not do this.
        PermissionDenied = "PERMISSION_DENIED",
        /// A ledger time was given, but live commands have touched the books.
        MigrationEnded = "MIGRATION_ENDED",
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
    }
}
