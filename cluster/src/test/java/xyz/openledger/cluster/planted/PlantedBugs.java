package xyz.openledger.cluster.planted;

import java.util.List;

/** The bugs that must be noticed. */
final class PlantedBugs {
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
              "a receipt stands in the log twice",
              "chain-anchor",
              "chainanchor/log/ReceiptLog.java",
              "index.find(leaf.key())",
              "Optional.empty()",
              "chain-anchor",
              List.of("chainanchor.log.ReceiptLogTest")),
          new PlantedBug(
              "the journal acknowledges before it commits",
              "actors",
              "actors/journal/GroupCommit.java",
              "applied.add(waiting);",
              "applied.add(waiting); answer(waiting, null);",
              "actors",
              List.of("actors.journal.GroupCommitTest")),
          new PlantedBug(
              "a quorum counts one owner twice",
              "verification",
              "verification/Quorum.java",
              "Replica::owner",
              "Replica::id",
              "verification",
              List.of("verification.QuorumTest")),
          new PlantedBug(
              "a dissenter is paid",
              "verification",
              "verification/Payout.java",
              "case Verdict.Accepted _ -> Standing.REJECTED;",
              "case Verdict.Accepted _ -> Standing.ACCEPTED;",
              "verification",
              List.of("verification.PayoutTest")),
          new PlantedBug(
              "a result under a stale fence is taken",
              "verification",
              "verification/Reveals.java",
              "reveal.fence() != expected.fence()",
              "false",
              "verification",
              List.of("verification.RevealsTest")),
          new PlantedBug(
              "a reveal need not fit its commitment",
              "verification",
              "verification/Reveals.java",
              "expected.commitment().equals(commitment(expected, reveal))",
              "true",
              "verification",
              List.of("verification.RevealsTest")),
          new PlantedBug(
              "a node takes a lease under a stale fence",
              "nodes",
              "nodes/session/LeaseBook.java",
              "lease.fence() <= fenceSeen",
              "false",
              "nodes",
              List.of("nodes.session.LeaseBookTest")),
          new PlantedBug(
              "a flipped proof is accepted",
              "protocol",
              "protocol/merkle/MerkleTree.java",
              "hash.equals(root)",
              "root != null",
              "protocol",
              List.of("protocol.merkle.MerkleTreeTest")),
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
              "a loop runs without fuel",
              "verification",
              "verification/gate/FuelWriter.java",
              "if (run.cost() > 0) {",
              "if (run.cost() > 0 && !run.loopHead()) {",
              "verification",
              List.of("verification.gate.FuelTest#theFuelIsExactAtEveryCallOfTheHost")),
          new PlantedBug(
              "the audit accepts a checkpoint over another log",
              "actors",
              "actors/audit/Audit.java",
              "!root.hex().equals(sealed.rootHex())",
              "false",
              "actors",
              List.of("actors.audit.AuditTest")));

  private PlantedBugs() {}
}
