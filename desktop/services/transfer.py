"""Taking stories out and in, as the page and the terminal ask for it."""
# ruff: noqa: ARG002

from desktop.formats.registry import FORMATS
from desktop.protocol.methods import Nothing
from desktop.protocol.problems import Trouble, problem
from desktop.protocol.transfer import (
    DropParams,
    ExportParams,
    ImportParams,
    IncomingFile,
    Receipt,
    ReceiptParams,
    Receipts,
    TokenParams,
    TransferFormat,
    TransferFormats,
    TransferJobParams,
    TransferJobs,
    TransferStarted,
)


class Transfer:
    async def formats(self, _: Nothing) -> TransferFormats:
        return TransferFormats(
            formats=tuple(
                TransferFormat(
                    id=one.id,
                    suffixes=one.suffixes,
                    reads=one.reader is not None,
                    writes=one.writer is not None,
                    lossless=one.lossless,
                    holds=tuple(sorted(one.holds)),
                )
                for one in FORMATS
            )
        )

    async def export(self, params: ExportParams) -> TransferStarted:
        raise Trouble(problem("busy"))

    async def choose(self, _: Nothing) -> IncomingFile:
        raise Trouble(problem("busy"))

    async def drop(self, params: DropParams) -> IncomingFile:
        raise Trouble(problem("busy"))

    async def let_go(self, params: TokenParams) -> Nothing:
        return Nothing()

    async def preview(self, params: ImportParams) -> TransferStarted:
        raise Trouble(problem("busy"))

    async def bring_in(self, params: ImportParams) -> TransferStarted:
        raise Trouble(problem("busy"))

    async def stop(self, params: TransferJobParams) -> Nothing:
        return Nothing()

    async def jobs(self, _: Nothing) -> TransferJobs:
        return TransferJobs(jobs=())

    async def receipts(self, _: Nothing) -> Receipts:
        return Receipts(receipts=())

    async def undo(self, params: ReceiptParams) -> Receipt:
        raise Trouble(problem("not_found", field="receipt_id"))
