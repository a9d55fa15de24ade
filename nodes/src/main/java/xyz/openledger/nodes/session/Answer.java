package xyz.openledger.nodes.session;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.Reveal;

/**
 * What a lease came to on this machine, held until the member asks for it.
 *
 * @param task the lease's task identity
 * @param salt of the commitment; empty if it is revealed at once
 * @param attestation what the machine's chip says of it; empty if the lease asks none
 * @param inlineOutput a short output; absent if it is in {@code outputFile}
 */
record Answer(
    Lease lease,
    Digest task,
    Outcome outcome,
    ByteString salt,
    @Nullable ByteString inlineOutput,
    @Nullable Path outputFile,
    long cpuMicros,
    String detail,
    String attestation) {

  Reveal reveal() {
    return new Reveal(
        lease.replica(),
        lease.fence(),
        task,
        outcome,
        inlineOutput,
        salt,
        cpuMicros,
        detail,
        attestation);
  }
}
