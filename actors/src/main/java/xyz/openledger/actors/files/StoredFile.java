package xyz.openledger.actors.files;

import xyz.openledger.actors.wire.Fitting;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * A file that a requester keeps.
 *
 * @param id such as {@code file-…}
 * @param name as its owner called it
 * @param purpose as its owner said it, such as {@code batch}
 */
public record StoredFile(
    String id,
    TenantId tenant,
    String name,
    String purpose,
    Digest content,
    long bytes,
    long atMillis)
    implements MemberMessage {
  private static final long OTHER_BYTES = 300;

  /** The most that it takes in a message. */
  long bytesInMessage() {
    return OTHER_BYTES + Fitting.CHARACTER_BYTES * (id.length() + name.length() + purpose.length());
  }
}
