"""What the page may ask about taking stories out and in; a part of ``METHODS``."""

from desktop.protocol.method import Method, Nothing
from desktop.protocol.transfer import (
    DropParams,
    ExportParams,
    ImportParams,
    IncomingFile,
    Receipt,
    ReceiptParams,
    Receipts,
    TokenParams,
    TransferFormats,
    TransferJobParams,
    TransferJobs,
    TransferStarted,
    UnsealParams,
)

TRANSFER_METHODS: dict[str, Method] = {
    "transfer.formats": Method(Nothing, TransferFormats),
    "transfer.export": Method(ExportParams, TransferStarted),
    "transfer.choose": Method(Nothing, IncomingFile),
    "transfer.drop": Method(DropParams, IncomingFile),
    "transfer.choose_folder": Method(Nothing, IncomingFile),
    "transfer.unseal": Method(UnsealParams, IncomingFile),
    "transfer.let_go": Method(TokenParams, Nothing),
    "transfer.preview": Method(ImportParams, TransferStarted),
    "transfer.import": Method(ImportParams, TransferStarted),
    "transfer.stop": Method(TransferJobParams, Nothing),
    "transfer.jobs": Method(Nothing, TransferJobs),
    "transfer.receipts": Method(Nothing, Receipts),
    "transfer.undo": Method(ReceiptParams, Receipt),
}
