package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;

/**
 * What a replica came to.
 *
 * @param task the {@link xyz.openledger.protocol.TaskIdentity} that was run
 * @param inlineOutput the output itself when it is short; absent if it was put to the blobs
 * @param salt of the commitment; empty if result and commitment come together
 * @param cpuMicros CPU time of the worker, as the node measured it
 * @param detail for people; not part of the outcome
 * @param attestation what the node's chip says of the outcome, as {@code
 *     xyz.openledger.verification.tee.AttestationEvidence} writes it; empty if the lease asks none
 */
public record Reveal(
    ReplicaId replica,
    long fence,
    Digest task,
    Outcome outcome,
    @Nullable ByteString inlineOutput,
    ByteString salt,
    long cpuMicros,
    String detail,
    String attestation) {
  /** The longest detail that is sent. */
  public static final int DETAIL_CHARACTERS_MAX = 4_096;

  /** The longest evidence of a chip that is sent. */
  public static final int ATTESTATION_CHARACTERS_MAX = 32 * 1_024;

  /** A result for which no chip vouches. */
  public Reveal(
      ReplicaId replica,
      long fence,
      Digest task,
      Outcome outcome,
      @Nullable ByteString inlineOutput,
      ByteString salt,
      long cpuMicros,
      String detail) {
    this(replica, fence, task, outcome, inlineOutput, salt, cpuMicros, detail, "");
  }

  /** Checks the ranges, and that an output that came along is the one it claims to be. */
  public Reveal {
    Check.range("fence", fence, 1, Long.MAX_VALUE);
    Check.range("outputBytes", outcome.outputBytes(), 0, 1L << 30);
    Check.range("fuelUsed", outcome.fuelUsed(), 0, Long.MAX_VALUE);
    Check.range("cpuMicros", cpuMicros, 0, Long.MAX_VALUE);
    if (!salt.isEmpty() && salt.size() != Commitment.SALT_BYTES) {
      throw Check.refusal("salt", "a salt has 32 bytes, this has " + salt.size());
    }
    if (inlineOutput != null) {
      Check.range("output", inlineOutput.size(), 0, SessionLimits.INLINE_BYTES_MAX);
      if (inlineOutput.size() != outcome.outputBytes()
          || !Digest.of(inlineOutput.toByteArray()).equals(outcome.outputDigest())) {
        throw Check.refusal("output", "does not have the length and digest it claims");
      }
    }
    detail = Check.text("detail", detail, DETAIL_CHARACTERS_MAX);
    Check.text("attestation", attestation, ATTESTATION_CHARACTERS_MAX);
  }

  /** Whether it opens that commitment of that node. */
  public boolean opens(Digest commitment, NodeId node) {
    return salt.size() == Commitment.SALT_BYTES
        && Commitment.of(replica, node, outcome.digest(), salt.toByteArray()).equals(commitment);
  }

  /** The leaf that the node signs. */
  public ResultStatement statement() {
    return new ResultStatement(replica, task, outcome.digest(), fence);
  }
}
