package xyz.openledger.cluster.planted;

import java.util.List;

/** Of money, receipts and the chain. */
final class LedgerBugs {
  static final List<PlantedBug> ALL =
      List.of(
          new PlantedBug(
              "a job is paid twice",
              "chain-anchor",
              "chainanchor/accounts/Applying.java",
              "books.holds.remove(jobId);",
              "",
              "chain-anchor",
              List.of("chainanchor.accounts.BooksTest")),
          new PlantedBug(
              "a model's owner and whom governance names are both paid",
              "chain-anchor",
              "chainanchor/accounts/Postings.java",
              "share(transfers, event, Purpose.STAKERS_FEE",
              "share(transfers, event, Purpose.MODEL_FEE, Account.DATA, shares.modelNanoOpen());"
                  + " share(transfers, event, Purpose.STAKERS_FEE",
              "chain-anchor",
              List.of("chainanchor.accounts.SplittingTest")),
          new PlantedBug(
              "what was sent for an epoch that was taken back is sent again",
              "chain-anchor",
              "chainanchor/accounts/EpochRules.java",
              "Math.min(total, books.coveredNanoOpen)",
              "0",
              "chain-anchor",
              List.of("chainanchor.accounts.BooksTest")),
          new PlantedBug(
              "an epoch that was taken back still counts for its payees",
              "chain-anchor",
              "chainanchor/accounts/Applying.java",
              "long before = payout.cumulativeNanoOpen() - payout.amountNanoOpen();",
              "long before = payout.cumulativeNanoOpen();",
              "chain-anchor",
              List.of("chainanchor.accounts.BooksTest")),
          new PlantedBug(
              "the number of an epoch that was taken back is used again",
              "chain-anchor",
              "chainanchor/accounts/EpochRules.java",
              "Math.max(published, reopened) + 1",
              "published + 1",
              "chain-anchor",
              List.of("chainanchor.accounts.BooksTest")),
          new PlantedBug(
              "an epoch is taken back though the chain has it",
              "chain-anchor",
              "chainanchor/evm/EpochsOnChain.java",
              ".epoch() >= epoch)",
              ".epoch() > epoch)",
              "chain-anchor",
              List.of("chainanchor.evm.ChallengedEpochTest")),
          new PlantedBug(
              "a transaction tips less than its node suggests",
              "chain-anchor",
              "chainanchor/outbox/Fees.java",
              "Math.clamp(head.suggestedTipWei(), settings.tipWei(), settings.feeCapWei())",
              "settings.tipWei()",
              "chain-anchor",
              List.of("chainanchor.outbox.OutboxTest")),
          new PlantedBug(
              "a split drops its dust",
              "chain-anchor",
              "chainanchor/accounts/Splitting.java",
              "carries.put(account, (int) (part % FeeSplit.WHOLE));",
              "carries.put(account, 0);",
              "chain-anchor",
              List.of("chainanchor.accounts.SplittingTest")),
          new PlantedBug(
              "a receipt stands in the log twice",
              "chain-anchor",
              "chainanchor/log/ReceiptLog.java",
              "index.find(leaf.key())",
              "Optional.empty()",
              "chain-anchor",
              List.of("chainanchor.log.ReceiptLogTest")),
          new PlantedBug(
              "a witness cosigns without a look at the proof",
              "chain-anchor",
              "chainanchor/witness/WitnessRules.java",
              "return follows(request, seen)",
              "return request.oldSize() >= 0",
              "chain-anchor",
              List.of("chainanchor.witness.WitnessTest#whatItCosignedIsOneHistory")),
          new PlantedBug(
              "a witness cosigns a smaller tree",
              "chain-anchor",
              "chainanchor/witness/Witness.java",
              "seen.map(CheckpointNote::checkpoint);",
              "seen.map(CheckpointNote::checkpoint).filter(it -> it.size() <="
                  + " request.note().checkpoint().size());",
              "chain-anchor",
              List.of("chainanchor.witness.WitnessTest#whatItCosignedIsOneHistory")),
          new PlantedBug(
              "a witness cosigns two roots of one size",
              "chain-anchor",
              "chainanchor/witness/Witness.java",
              "seen.map(CheckpointNote::checkpoint);",
              "seen.map(CheckpointNote::checkpoint).filter(it -> it.size() !="
                  + " request.note().checkpoint().size());",
              "chain-anchor",
              List.of("chainanchor.witness.WitnessTest#whatItCosignedIsOneHistory")),
          new PlantedBug(
              "a witness cosigns before it remembers",
              "chain-anchor",
              "chainanchor/witness/Witness.java",
              "store.save(note);",
              "",
              "chain-anchor",
              List.of("chainanchor.witness.WitnessTest#whatItCosignedIsOneHistory")),
          new PlantedBug(
              "a receipt verifies though it is not what the leaf stands for",
              "chain-anchor",
              "chainanchor/receipts/ReceiptVerifier.java",
              "Arrays.equals(parsed.receipt().leaf().encode(), parsed.leaf())",
              "true",
              "chain-anchor",
              List.of("chainanchor.receipts.ReceiptVerifierTest")),
          new PlantedBug(
              "a dearer attempt gets a nonce of its own",
              "chain-anchor",
              "chainanchor/outbox/Asking.java",
              "sign(row, row.nonce(), fees)",
              "sign(row, Observing.nextNonce(lane, view), fees)",
              "chain-anchor",
              List.of("chainanchor.outbox.OutboxTest")),
          new PlantedBug(
              "a receipt's division drops its dust",
              "protocol",
              "protocol/Division.java",
              "charged - nodes - platform - model - stakers - data,",
              "0,",
              "protocol",
              List.of("protocol.DivisionTest")),
          new PlantedBug(
              "a receipt need not say who gets what was charged",
              "protocol",
              "protocol/Division.java",
              "said == null && receipt.version()",
              "said != null && receipt.version()",
              "protocol",
              List.of("protocol.DivisionTest")),
          new PlantedBug(
              "a batch of vouchers is brought again with the one that spoils it",
              "chain-anchor",
              "chainanchor/vouchers/VoucherBatches.java",
              "!refused.contains(name)",
              "!refused.contains(name) || batch.size() > 1",
              "chain-anchor",
              List.of("chainanchor.vouchers.VoucherBatchesTest")),
          new PlantedBug(
              "work begins beyond what a requester who vanishes may leave unpaid",
              "chain-anchor",
              "chainanchor/vouchers/VoucherRules.java",
              "if (unpromised + running > intervalNanoOpen)",
              "if (unpromised > intervalNanoOpen)",
              "chain-anchor",
              List.of("chainanchor.vouchers.SessionsTest")),
          new PlantedBug(
              "of a replica that was claimed in part, all counts as claimable",
              "chain-anchor",
              "chainanchor/accounts/Earnings.java",
              "Math.min(claimable, line.netNanoOpen())",
              "claimable > 0 ? line.netNanoOpen() : 0",
              "chain-anchor",
              List.of("chainanchor.accounts.EarningsTest")),
          new PlantedBug(
              "a flipped proof is accepted",
              "protocol",
              "protocol/merkle/MerkleTree.java",
              "hash.equals(root)",
              "root != null",
              "protocol",
              List.of("protocol.merkle.MerkleTreeTest")));

  private LedgerBugs() {}
}
