package xyz.openledger.protocol;

import java.util.Locale;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * The half of a receipt that the log keeps and a contract can read:
 *
 * <pre>
 *   abi.encode(uint16 version, uint8 kind, bytes32 jobId, uint32 revision, bytes32 nodeSetHash,
 *              bytes32 resultDigest, bytes32 evidenceRoot, bytes32 ruleHash, bytes32 documentDigest)
 * </pre>
 *
 * <p>The job id is its 16 bytes, aligned left. A log holds one leaf for each job, kind and
 * revision.
 *
 * @param nodeSet hash over the sorted ids of the nodes whose results were accepted
 * @param result hash over the tasks' outcomes, in order
 * @param evidence RFC 9162 root over the accepted result statements, in order; in version 1 over
 *     all
 * @param rules hash of the rules in force
 * @param document SHA-256 of the receipt's canonical JSON
 */
public record ReceiptLeaf(
    int version,
    Receipt.Kind kind,
    JobId job,
    int revision,
    Digest nodeSet,
    Digest result,
    Digest evidence,
    Digest rules,
    Digest document) {
  private static final int WORDS = 9;

  /** The leaf's bytes; 288 of them. */
  public byte[] encode() {
    return AbiWords.of(WORDS)
        .uint(version)
        .uint(kind.code())
        .bytes(job.bytes())
        .uint(revision)
        .digest(nodeSet)
        .digest(result)
        .digest(evidence)
        .digest(rules)
        .digest(document)
        .encode();
  }

  /** The leaf's hash in the log. */
  public Digest hash() {
    return MerkleTree.leafHash(encode());
  }

  /** What the log is unique by: {@code job-…/result/0}. */
  public String key() {
    return job + "/" + kind.name().toLowerCase(Locale.ROOT) + "/" + revision;
  }
}
