package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ResultStatement;

/**
 * How a member answers {@link Hello}.
 *
 * @param heartbeatMillis how often the node says how it is
 * @param court where results are judged
 * @param blobUrl base URL of the content-addressed blobs
 * @param blobToken bearer token for them
 * @param resumed whether the session that Hello named goes on; if not, both sequences start anew
 * @param session its name; 16 bytes
 */
public record Welcome(
    int heartbeatMillis,
    ResultStatement.Court court,
    String blobUrl,
    String blobToken,
    boolean resumed,
    ByteString session,
    Standing standing) {
  /** Checks the ranges. */
  public Welcome {
    Check.range("heartbeatMillis", heartbeatMillis, 10, 600_000);
    Check.text("blobUrl", blobUrl, 2_048);
    Check.text("blobToken", blobToken, 4_096);
    Check.range("session", session.size(), SessionLimits.NAME_BYTES, SessionLimits.NAME_BYTES);
  }
}
