//! One row for each reason: the gRPC code, and what to tell people in English and in Chinese.

use tonic::Code;
use zonebook_ledger::reason::Reason;

/// What goes with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The gRPC code (`conventions.md` 1, AIP-194).
    pub code: Code,
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

const fn entry(code: Code, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

/// The row of a reason.
#[must_use]
pub const fn entry_of(reason: Reason) -> Entry {
    use Code::{
        AlreadyExists, FailedPrecondition, Internal, InvalidArgument, NotFound, PermissionDenied,
        Unimplemented,
    };
    match reason {
        Reason::MalformedXml => {
            entry(InvalidArgument, "The bytes are not well-formed XML.", "报文不是格式正确的XML。")
        }
        Reason::SchemaInvalid => {
            entry(InvalidArgument, "The message does not follow its schema.", "报文不符合其XML模式。")
        }
        Reason::MessageIdConflict => entry(
            AlreadyExists,
            "Another message with the same key and other content was received before.",
            "此前已收到报文号相同但内容不同的报文。",
        ),
        Reason::DocumentExists => entry(
            AlreadyExists,
            "A document with this number exists. Changes need the change type and the next change number.",
            "该单证编号已存在。如需变更，请使用变更类型及下一变更次数申报。",
        ),
        Reason::ZoneKindMismatch => entry(
            FailedPrecondition,
            "The zone is of another kind than the document says.",
            "该区域的类型与单证所报不一致。",
        ),
        Reason::BookUnknown => {
            entry(NotFound, "There is no such book. File the book first.", "账册不存在，请先备案账册。")
        }
        Reason::ChangeCountMismatch => {
            entry(FailedPrecondition, "The change number is not the next one.", "变更次数不是下一次。")
        }
        Reason::BookOwnerMismatch => {
            entry(FailedPrecondition, "The book belongs to another enterprise.", "账册属于其他经营企业。")
        }
        Reason::BookExpired => entry(
            FailedPrecondition,
            "The book is no longer valid on the day of declaration.",
            "申报日期已超过账册有效期。",
        ),
        Reason::RelatedCompanyMissing => entry(
            InvalidArgument,
            "A related declaration needs its number and all three numbers of the other enterprise.",
            "关联报关须填写关联报关单号及关联企业的全部三项编码。",
        ),
        Reason::ListKindUnknown => {
            entry(InvalidArgument, "There is no such kind of list.", "核注清单类型不存在。")
        }
        Reason::NonPositiveQty => {
            entry(InvalidArgument, "The quantity must be above zero.", "数量必须大于零。")
        }
        Reason::NetExceedsGross => {
            entry(InvalidArgument, "The net weight is above the gross weight.", "净重大于毛重。")
        }
        Reason::ItemNotFiled => entry(
            FailedPrecondition,
            "The book has no such item with this part number.",
            "账册中没有该料号对应的备案序号。",
        ),
        Reason::HsMismatch => {
            entry(FailedPrecondition, "The tariff code differs from the filed one.", "商品编码与备案不一致。")
        }
        Reason::UnitMismatch => {
            entry(FailedPrecondition, "A unit differs from the filed one.", "计量单位与备案不一致。")
        }
        Reason::SecondQtyMismatch => entry(
            InvalidArgument,
            "The second statutory quantity must be given exactly when the item has that unit.",
            "第二法定数量应与第二法定单位同时填写或同时为空。",
        ),
        Reason::StatutoryQtyMismatch => entry(
            InvalidArgument,
            "The unit is a statutory one, so the two quantities must be equal.",
            "申报单位与法定单位相同，数量必须一致。",
        ),
        Reason::ItemPaused => entry(
            FailedPrecondition,
            "Customs has stopped this item in this direction.",
            "海关已暂停该序号在此方向的业务。",
        ),
        Reason::ShortStock => {
            entry(FailedPrecondition, "There is not enough stock that may be taken.", "可用库存不足。")
        }
        Reason::StatutoryRemainder => entry(
            FailedPrecondition,
            "The declared quantity would be used up and a statutory quantity would not.",
            "申报数量将用尽，而法定数量仍有余数。",
        ),
        Reason::SuspenseExceeded => entry(
            FailedPrecondition,
            "More is declared than entered on this bill of lading.",
            "申报数量超过该提运单先行入区的数量。",
        ),
        Reason::TransferMismatch => entry(
            FailedPrecondition,
            "The two lists of the transfer do not match.",
            "流转双方的核注清单不一致。",
        ),
        Reason::DocumentUnknown => entry(NotFound, "There is no such document.", "单证不存在。"),
        Reason::AlreadyWithdrawn => {
            entry(FailedPrecondition, "The document is withdrawn.", "单证已删除或作废。")
        }
        Reason::PeriodVerified => entry(
            FailedPrecondition,
            "It lies in a settled period and cannot be touched any more.",
            "所属周期已核销，不能再更改。",
        ),
        Reason::AlreadyPosted => entry(
            FailedPrecondition,
            "The document is posted; it can be corrected by a counter-movement only.",
            "单证已核扣，只能以反向单证更正。",
        ),
        Reason::ListOnPass => entry(FailedPrecondition, "A pass names the list.", "核注清单已被核放单引用。"),
        Reason::ListPaired => entry(
            FailedPrecondition,
            "The list is paired with the other party's list.",
            "核注清单已与对方清单配对。",
        ),
        Reason::EditNotAllowed => {
            entry(FailedPrecondition, "A change may not touch this field.", "变更不得修改该字段。")
        }
        Reason::BindingMismatch => entry(
            InvalidArgument,
            "The documents of the pass do not fit its binding type.",
            "核放单关联单证与绑定类型不符。",
        ),
        Reason::LinkedDocState => entry(
            FailedPrecondition,
            "The linked document is not in a state in which goods may pass.",
            "关联单证的状态不允许过卡。",
        ),
        Reason::DirectionMismatch => entry(
            FailedPrecondition,
            "The pass and the linked document go in different directions.",
            "核放单与关联单证的进出方向不一致。",
        ),
        Reason::PassQtyExceeded => entry(
            FailedPrecondition,
            "Passes may not carry more than the line of the document has.",
            "核放数量超过关联单证该项的数量。",
        ),
        Reason::ZoneKindForbids => entry(
            FailedPrecondition,
            "A zone of this kind is not for such books, lists or permits.",
            "该类型的特殊监管区域不允许此类账册、清单或业务申报表。",
        ),
        Reason::BomInvalid => entry(
            InvalidArgument,
            "A line of the BOM breaks a rule: net above 0, losses below 100 %, share 0 to 100 %, filed items, a new version line, and unit consumption as computed.",
            "单耗不符合规则：净耗须大于0，损耗率之和须小于100%，保税比例须在0至100%之间，成品和料件须已备案，版本行不得重复，单耗须与计算结果一致。",
        ),
        Reason::BomVersionUnknown => entry(
            FailedPrecondition,
            "The product has no such BOM version. File the version first.",
            "该成品无此单耗版本，请先备案单耗版本。",
        ),
        Reason::SerialExists => entry(
            FailedPrecondition,
            "A unit for repair needs a line of quantity 1 and a serial number that is neither on hand nor announced.",
            "维修货物须逐台申报，且序列号不得已在库或已预增。",
        ),
        Reason::SerialNotInPlace => entry(
            FailedPrecondition,
            "The unit with this serial number is not where the document takes it from.",
            "该序列号的货物不在单证所述的位置。",
        ),
        Reason::ForeignRemovedPart => entry(
            FailedPrecondition,
            "A part removed from a unit from abroad must not be sold at home: re-export or destroy it.",
            "从境外维修货物上拆下的旧件不得内销，须复运出境或销毁。",
        ),
        Reason::FormExpired => entry(
            FailedPrecondition,
            "The permit is no longer valid on the day of declaration.",
            "申报日期已超过业务申报表有效期。",
        ),
        Reason::FormClosed => entry(FailedPrecondition, "The permit is closed.", "业务申报表已结案。"),
        Reason::FormStockOut => entry(
            FailedPrecondition,
            "Goods are out under the permit, or a slip or list on it waits. It can be closed when everything is back, sold, declared, used or written off.",
            "业务申报表项下仍有货物在外或有未完成的单证，须全部返回、内销、集报、耗用或核定后方可结案。",
        ),
        Reason::FormBookMismatch => entry(
            FailedPrecondition,
            "A permit of this type is not for a book of this kind.",
            "该类型业务申报表不适用于此类账册。",
        ),
        Reason::PermitTooLong => entry(
            FailedPrecondition,
            "The permit would last longer than its type allows, or be extended once more than it may be.",
            "业务申报表有效期超过该类型允许的期限或延期次数。",
        ),
        Reason::ProcessingMismatch => entry(
            FailedPrecondition,
            "What is taken is not what the permit says that the results are made of, in quantity and value.",
            "简单加工耗用料件的数量或价值与业务申报表单耗计算结果不一致。",
        ),
        Reason::GuaranteeUnknown => entry(
            NotFound,
            "This enterprise has no such guarantee. Open the guarantee first.",
            "该企业无此担保，请先登记担保。",
        ),
        Reason::GuaranteeExpired => {
            entry(FailedPrecondition, "The guarantee is no longer valid.", "担保已过有效期。")
        }
        Reason::GuaranteeExceeded => entry(
            FailedPrecondition,
            "The guarantee does not cover the amount, or less is bound than is to be set free.",
            "担保可用额度不足，或恢复金额超过已占用金额。",
        ),
        Reason::CreditLevelForbids => entry(
            FailedPrecondition,
            "The credit level of the enterprise does not allow this.",
            "企业信用等级不允许办理该业务。",
        ),
        Reason::SlipOnPass => entry(FailedPrecondition, "A pass names the slip.", "出入库单已被核放单引用。"),
        Reason::PassNotOpen => entry(
            FailedPrecondition,
            "A gate has seen the pass already, or the pass is void.",
            "核放单已过卡或已作废。",
        ),
        Reason::FormQuotaExceeded => entry(
            FailedPrecondition,
            "The slips of this line of the permit would exceed its quantity.",
            "出库单累计数量超过业务申报表该项数量。",
        ),
        Reason::ReturnExceedsOut => entry(
            FailedPrecondition,
            "More would come back than is out under the permit.",
            "返回数量超过业务申报表项下在外数量。",
        ),
        Reason::SlipNotOpen => entry(
            FailedPrecondition,
            "The slip is not an outbound slip of this book that has passed the gate and is not declared yet.",
            "该出入库单不是本账册已过卡且未集中申报的出库单。",
        ),
        Reason::ConsolidationMismatch => entry(
            FailedPrecondition,
            "The lines of the list are not the sums of the slips that it names.",
            "清单表体与所列出入库单汇总数量不一致。",
        ),
        Reason::FormStockExceeded => entry(
            FailedPrecondition,
            "The list takes more than is out under the permit.",
            "清单数量超过业务申报表项下在外数量。",
        ),
        Reason::ParcelLimitExceeded => entry(
            FailedPrecondition,
            "The total of the parcel exceeds the limit for one parcel.",
            "单个包裹总价超过单次交易限值。",
        ),
        Reason::ParcelNotOpen => entry(
            FailedPrecondition,
            "The parcel is not reserved in this book, or is named twice.",
            "该包裹清单在本账册中不处于已预减状态，或被重复引用。",
        ),
        Reason::BuyerLimitExceeded => entry(
            FailedPrecondition,
            "The buyer's parcels of this calendar year would be worth more than one buyer may spend.",
            "该订购人本年度交易额将超过个人年度交易限值。",
        ),
        Reason::ParcelSumMismatch => entry(
            FailedPrecondition,
            "The lines of the list are not the sums of the parcels that it gathers.",
            "清单表体与所归并包裹汇总数量不一致。",
        ),
        Reason::ListNotPosted => {
            entry(FailedPrecondition, "Only posted lists can be verified.", "只有已核扣的清单才能报核。")
        }
        Reason::AlreadyReleased => {
            entry(FailedPrecondition, "The declaration is released.", "报关单已放行。")
        }
        Reason::Unsupported => {
            entry(Unimplemented, "This kind of business is not supported yet.", "暂不支持该类业务。")
        }
        Reason::InvalidField => {
            entry(InvalidArgument, "A field holds a value that cannot be taken.", "字段的值无法接受。")
        }
        Reason::DisposalState => entry(
            FailedPrecondition,
            "The disposal, adjustment or tally is not of a kind or in a state that allows this step.",
            "该处置、核增核减或理货单证的类型或状态不允许此操作。",
        ),
        Reason::EvidenceMissing => entry(
            InvalidArgument,
            "Evidence is missing: a destruction needs at least one piece, a loss by force majeure an official proof.",
            "缺少证明材料：销毁须至少一份销毁证明材料，不可抗力灭失须有关部门的证明。",
        ),
        Reason::ApproverRepeated => entry(
            FailedPrecondition,
            "Each level has to be approved by somebody else.",
            "各级审批须由不同人员作出。",
        ),
        Reason::ApprovalExpired => entry(
            FailedPrecondition,
            "The approval of the destruction is over. Withdraw it and apply anew.",
            "销毁批准已过有效期，请撤回后重新申请。",
        ),
        Reason::AbandonmentForbidden => entry(
            FailedPrecondition,
            "Dangerous or prohibited goods cannot be abandoned. Have them destroyed.",
            "危险品及禁限物品不得放弃，应予销毁。",
        ),
        Reason::DecisionNotAllowed => entry(
            FailedPrecondition,
            "Customs cannot decide this on what the line is about.",
            "该项的性质不允许作出此种处理决定。",
        ),
        Reason::DecidedSumMismatch => entry(
            FailedPrecondition,
            "The parts that are decided on must sum up to the line exactly, in every unit.",
            "各次处理决定的数量之和须在各计量单位上与该项数量完全一致。",
        ),
        Reason::LeaseUnitTaken => entry(
            FailedPrecondition,
            "The asset is under another lease that is open. Close that one first.",
            "该租赁资产已在另一份未结租赁合同项下，请先结束该合同。",
        ),
        Reason::LeaseClosed => entry(FailedPrecondition, "The lease is closed.", "租赁合同已结案。"),
        Reason::RentDeclared => {
            entry(FailedPrecondition, "The payment of rent is declared already.", "该期租金已申报。")
        }
        Reason::LeaseNotSettled => entry(
            FailedPrecondition,
            "The lease is not settled: rent is not declared, or an asset is still out.",
            "租赁合同尚未了结：有租金未申报或资产未退租、未留购。",
        ),
        Reason::RegimeForbids => entry(
            FailedPrecondition,
            "The book accounts for its materials in another way than this document.",
            "账册的耗用核算方式与该单证不符。",
        ),
        Reason::RegimeInUse => entry(
            FailedPrecondition,
            "The way in which the book accounts for its materials cannot change now: close the work orders and deliver their products first.",
            "账册耗用核算方式暂不能变更，请先关闭工单并处理工单成品。",
        ),
        Reason::WorkOrderClosed => entry(FailedPrecondition, "The work order is closed.", "工单已关闭。"),
        Reason::WorkOrderOpenStock => entry(
            FailedPrecondition,
            "Something of the work order is in process still. Report its use, or give it back.",
            "工单尚有在制料件，请先报工或退料。",
        ),
        Reason::WorkOrderExceeded => entry(
            FailedPrecondition,
            "The work order has less in process than it would use or give back.",
            "超过该工单在制数量。",
        ),
        Reason::ProductNotPlanned => {
            entry(FailedPrecondition, "The work order does not plan this product.", "该成品不在工单计划内。")
        }
        Reason::EventNotOpen => entry(
            FailedPrecondition,
            "The event cannot be taken back: it is not there, takes another back itself, or was taken back before.",
            "该工单事件不存在、本身为冲销事件或已被冲销。",
        ),
        Reason::ResidueKindMismatch => entry(
            FailedPrecondition,
            "The item is filed as another kind of residue.",
            "该序号已备案为其他类别的边角料、副产品或残次品。",
        ),
        Reason::ProjectMissing => entry(
            FailedPrecondition,
            "Use in a research book needs its project and evidence.",
            "研发账册耗用须填写研发项目及凭证。",
        ),
        Reason::ExchangeMismatch => entry(
            FailedPrecondition,
            "The list named is not one by which so many of these products came back.",
            "所引用的核注清单不是相应成品的退换进区清单，或数量不足。",
        ),
        Reason::NonBondedBook => entry(
            FailedPrecondition,
            "Goods of this book are not bonded: they move by gate registration or change of status.",
            "该账册为非保税货物，只能通过卡口登记或状态转换进出。",
        ),
        Reason::BondedBook => entry(
            FailedPrecondition,
            "Goods of this book are bonded: they do not move by gate registration.",
            "该账册为保税货物，不能通过卡口登记进出。",
        ),
        Reason::StatusChangeMismatch => entry(
            FailedPrecondition,
            "Status changes between a book of bonded and one of other goods, of one owner and zone, without serial numbers.",
            "状态转换须在同一企业、同一区域的保税与非保税账册之间进行，且货物不按序列号管理。",
        ),
        Reason::DeclarationNotReleased => {
            entry(FailedPrecondition, "Customs has not released this declaration.", "该报关单尚未放行。")
        }
        Reason::AlreadyReturned => entry(FailedPrecondition, "The list was returned.", "核注清单已退单。"),
        Reason::ListHeld => entry(
            FailedPrecondition,
            "Customs stops the list. It goes on when customs frees it.",
            "海关已暂停该核注清单，解除暂停后方可继续。",
        ),
        Reason::OrderNotApplicable => entry(
            FailedPrecondition,
            "This does not fit what the document is, or where it stands.",
            "该操作不适用于此单证的类型或当前状态。",
        ),
        Reason::CorrectionNotOpen => entry(
            FailedPrecondition,
            "Customs has decided this correction already.",
            "该更正单海关已作出决定。",
        ),
        Reason::CorrectionExceedsList => entry(
            FailedPrecondition,
            "The correction undoes more than is left of the list.",
            "更正数量超过原清单剩余可更正数量。",
        ),
        Reason::CorrectionNotWhole => entry(
            FailedPrecondition,
            "This can only be corrected as a whole.",
            "该清单或清单项只能整体更正。",
        ),
        Reason::ReturnOriginalMismatch => entry(
            FailedPrecondition,
            "The list named is not one whose goods this list can return.",
            "所填原清单与本退换清单不匹配。",
        ),
        Reason::ReturnExceedsOriginal => entry(
            FailedPrecondition,
            "More comes back than is left of the original list.",
            "退换数量超过原清单剩余可退换数量。",
        ),
        Reason::ZoneUnknown => entry(
            NotFound,
            "The office is not a zone of this ledger. Define the zone first.",
            "该主管海关不是本账的监管区域，请先登记区域。",
        ),
        Reason::LotShort => entry(
            FailedPrecondition,
            "The lot that the line names, or gives back, is not there or has less left than the line takes.",
            "指定或退回的批次不存在或剩余数量不足。",
        ),
        Reason::LotNotNamed => entry(
            FailedPrecondition,
            "The book gives up the lots that lines name. Name the lot of this line.",
            "该账册按指定批次出库，请为该行填写批次号。",
        ),
        Reason::BookNotEmpty => entry(
            FailedPrecondition,
            "The book holds goods or has something open. Clear it first.",
            "账册仍有库存或未结单证，请先结清。",
        ),
        Reason::BookPaused => entry(
            FailedPrecondition,
            "Customs has stopped the book in this direction, or its changes.",
            "海关已暂停该账册在此方向的业务或变更。",
        ),
        Reason::BookUnderCase => entry(
            FailedPrecondition,
            "The book is under investigation. Nothing new is taken until customs lifts the case.",
            "该账册已被立案调查，结案前不受理新的业务。",
        ),
        Reason::CaseMismatch => entry(
            FailedPrecondition,
            "The book is under no case, or under another one.",
            "该账册未被立案，或立案编号不符。",
        ),
        Reason::BookCancelled => entry(
            FailedPrecondition,
            "The book is cancelled. Nothing can be filed on it any more.",
            "该账册已注销，不能再申报任何业务。",
        ),
        Reason::CarryOverMismatch => entry(
            FailedPrecondition,
            "Goods are carried over between books of one owner, zone and sort, to an item of the same code and units.",
            "账册结转须在同一企业、同一区域、同类账册之间进行，且商品编码和计量单位一致。",
        ),
        Reason::CarryOverBlocked => entry(
            FailedPrecondition,
            "Nothing of the item is in stock, or a document waits on it, so that it cannot be carried over.",
            "该项货物无库存，或有单证占用，不能结转。",
        ),
        Reason::ZoneConversion => entry(
            FailedPrecondition,
            "A zone is converted to a comprehensive bonded zone alone, once, and from a later day.",
            "区域只能转型为综合保税区，且只能转型一次。",
        ),
        Reason::BookFaulted => entry(
            FailedPrecondition,
            "The ledger has stopped this book, because a check on its own work failed. Call the operator.",
            "系统自检失败，该账册已停止使用，请联系管理员。",
        ),
        Reason::RequestIdReused => entry(
            AlreadyExists,
            "The request id was used for another request. Use a new one.",
            "请求标识已用于其他请求，请使用新的标识。",
        ),
        Reason::CampaignOverlaps => entry(
            FailedPrecondition,
            "An open count campaign counts some of these items. Close it first.",
            "部分项号已在进行中的盘点内，请先结束该盘点。",
        ),
        Reason::CampaignNotOpen => entry(
            FailedPrecondition,
            "The count campaign is closed or given up; it takes no counts.",
            "该盘点已结束或已取消，不能再录入。",
        ),
        Reason::CampaignIncomplete => entry(
            FailedPrecondition,
            "Something that the campaign counts is not counted or not agreed on. Count it, or close with a reason.",
            "盘点范围内仍有未盘点或未一致的项号，请补盘，或填写原因后结束。",
        ),
        Reason::CampaignNotClosed => entry(
            FailedPrecondition,
            "Differences are recorded of a count campaign that is closed.",
            "盘点结束后方可登记差异。",
        ),
        Reason::BasisMismatch => entry(
            FailedPrecondition,
            "The figures rest on something else than the ledger has. Compute them again.",
            "数据依据与账册记录不一致，请重新核算。",
        ),
        Reason::DifferenceRecorded => entry(
            AlreadyExists,
            "These goods have a difference that is not over, or was not when they were counted.",
            "该货物已有未处理完毕的差异，或盘点时差异尚未处理完毕。",
        ),
        Reason::DifferenceState => entry(
            FailedPrecondition,
            "The difference does not stand where that can be done.",
            "差异当前状态不允许该操作。",
        ),
        Reason::DifferenceMismatch => entry(
            FailedPrecondition,
            "The line is not of the goods of the difference that it cites, or takes more than is left of it.",
            "调整明细与所引用的差异不符，或超过差异剩余数量。",
        ),
        Reason::AdjustmentUndecided => entry(
            FailedPrecondition,
            "An adjustment cites a difference on which customs has decided, or a verification of which customs disposed.",
            "核增核减须引用海关已决定的差异，或海关处置的报核。",
        ),
        Reason::CountOutOfScope => {
            entry(InvalidArgument, "The count campaign does not count this item.", "该项号不在盘点范围内。")
        }
        Reason::RequestIdTooOld => entry(
            InvalidArgument,
            "The request id is older than outcomes are kept. Use a new one.",
            "请求标识早于结果保存期限，请使用新的标识。",
        ),
        Reason::DeliveryConflict => entry(
            AlreadyExists,
            "This delivery was received before with other bytes.",
            "该投递序号此前已收到内容不同的报文。",
        ),
        Reason::ReceiptUnknown => entry(
            FailedPrecondition,
            "The recipient was never sent a receipt of this number.",
            "接收方没有该序号的回执。",
        ),
        Reason::PermissionDenied => {
            entry(PermissionDenied, "The caller's roles do not allow this.", "调用者的角色无权执行此操作。")
        }
        Reason::MigrationEnded => entry(
            FailedPrecondition,
            "Live documents have been taken; ledger times can be given no more.",
            "已有实时业务入账，不能再指定账务时间。",
        ),
        Reason::MigrationUnderWay => entry(
            FailedPrecondition,
            "Books are still being taken over; nothing is overdue yet.",
            "账册数据尚在迁移中，暂不登记逾期。",
        ),
        Reason::LedgerTimeBehind => {
            entry(InvalidArgument, "The ledger time lies before the last one.", "账务时间早于上一笔。")
        }
        Reason::LedgerTimeAhead => {
            entry(InvalidArgument, "The ledger time lies in the future.", "账务时间晚于当前时间。")
        }
        Reason::TooLarge => entry(
            InvalidArgument,
            "The document is larger than one may be. Split it.",
            "单证超过允许的规模，请拆分。",
        ),
        Reason::NamedTwice => entry(
            InvalidArgument,
            "A line or number stands twice in one document.",
            "同一单证中序号或编号重复。",
        ),
        Reason::AlreadyInitialised => entry(AlreadyExists, "The ledger is in use already.", "账簿已初始化。"),
        Reason::BehaviourOutOfRange => {
            entry(InvalidArgument, "This behaviour cannot be put in force.", "该行为版本无法启用。")
        }
        Reason::InternalFault => entry(
            Internal,
            "A check on the ledger's own work failed. Nothing was changed; call the operator.",
            "系统自检失败，未作任何更改，请联系管理员。",
        ),
        Reason::RefusedByOperator => entry(
            FailedPrecondition,
            "An operator had this command passed over.",
            "该命令已由操作员指令跳过。",
        ),
        Reason::VerificationState => entry(
            FailedPrecondition,
            "The verification does not stand where that can be done.",
            "报核当前状态不允许该操作。",
        ),
        Reason::PeriodMismatch => entry(
            FailedPrecondition,
            "The period does not follow on the one that was closed before, or is not over.",
            "核销周期与上一已核销周期不衔接，或周期尚未结束。",
        ),
        Reason::LicenceMissing => entry(
            FailedPrecondition,
            "Goods of this tariff code need an import licence to be sold at home. Register one that is valid on the day, in a unit of the goods.",
            "该税号货物内销须凭进口许可证件，请先登记在该日有效且计量单位相符的许可证件。",
        ),
        Reason::LicenceExceeded => entry(
            FailedPrecondition,
            "No import licence of these goods covers so much, or it would allow less than is used of it.",
            "许可证件剩余数量不足，或变更后的数量少于已使用数量。",
        ),
        Reason::BomChallenged => entry(
            FailedPrecondition,
            "Customs challenges this BOM version: nothing new is made by it until the consultation is over. What was posted by it stays.",
            "该单耗版本已被海关质疑，磋商结束前不得用于新的业务；此前已记账的数据不受影响。",
        ),
        Reason::BomReplaced => entry(
            FailedPrecondition,
            "A consultation with customs put another BOM version in the place of this one. Use that version.",
            "经磋商，该单耗版本已由另一版本取代，请使用新版本。",
        ),
        Reason::BomNotInValidity => entry(
            FailedPrecondition,
            "The BOM version may not be used on this day. Use a version for it, or have its days changed.",
            "该单耗版本在该日期不在有效期内，请使用有效的版本，或变更其有效期。",
        ),
        Reason::TransferFormMissing => entry(
            FailedPrecondition,
            "A transfer between zones needs a transfer form, which both lists name in applyNo. File one between the two books.",
            "区间流转须凭流转申报表，请先申报，并在转入、转出核注清单的 applyNo 中填写同一申报表编号。",
        ),
        Reason::TransferFormMismatch => entry(
            FailedPrecondition,
            "The list is not of the books and companies that its transfer form names.",
            "核注清单的账册或企业与流转申报表不一致。",
        ),
        Reason::TransferFormExpired => entry(
            FailedPrecondition,
            "The transfer form is no longer valid on the day of declaration.",
            "申报日期已超过流转申报表有效期。",
        ),
        Reason::TransferFormClosed => {
            entry(FailedPrecondition, "The transfer form is closed.", "流转申报表已结案。")
        }
        Reason::TransferFormExceeded => entry(
            FailedPrecondition,
            "The transfer form has not so much left of these goods at this end, or would declare less than lists have.",
            "该商品在流转申报表本端的剩余数量不足，或变更后的数量少于清单已使用数量。",
        ),
        Reason::TransferFormInUse => entry(
            FailedPrecondition,
            "A list on the transfer form is not posted. The form can be closed when each of its lists is posted or taken back.",
            "流转申报表项下仍有未核扣的核注清单，须全部核扣或撤销后方可结案。",
        ),
        Reason::DocumentHeld => entry(
            FailedPrecondition,
            "Customs stops the document, or waits for its inspection. It goes on when customs frees it.",
            "海关已暂停该单证或正待查验，解除暂停或查验合格后方可继续。",
        ),
        Reason::RepairNotAllowed => entry(
            FailedPrecondition,
            "The unit may not come in for repair, or not leave abroad: it is not of the catalogue of bonded repair, and no own-group product from the domestic side.",
            "该维修货物不在维修产品目录内，也不是境内销售的集团自产产品，不得入区维修或复运出境。",
        ),
    }
}
