package xyz.openledger.nodes.session;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.onnx.OnnxReader;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.Reveal;

/**
 * What a lease came to on this machine, held until the member asks for it.
 *
 * @param task what the statement names: see {@link #stated}
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

  /**
   * What this machine signs that an outcome is of: the task, or, where another run of it may
   * honestly come to other bits, this run alone. The machine itself judges that, by what it runs.
   */
  static Digest stated(Lease lease, byte[] module) {
    return OnnxReader.begins(module) && Workload.Onnx.profile(lease.arguments()) == null
        ? ResultStatement.oneRun(lease.task(), lease.replica(), lease.fence())
        : lease.task();
  }

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
