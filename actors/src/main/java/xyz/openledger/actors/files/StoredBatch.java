package xyz.openledger.actors.files;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.Fitting;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * Questions from a file, each of them a job.
 *
 * @param id such as {@code batch_…}; the jobs' keys follow from it, so whoever goes on with a batch
 *     after a crash finds the jobs that it has begun
 * @param endpoint that every line asks, such as {@code /v1/chat/completions}
 * @param input the file with the questions
 * @param content of that file, which may be deleted meanwhile
 * @param metadata that its owner gave it
 * @param cancelledAtMillis when its owner wanted no more of it; 0 if never
 * @param end absent while it goes on
 */
public record StoredBatch(
    String id,
    TenantId tenant,
    String endpoint,
    String input,
    Digest content,
    Map<String, String> metadata,
    long atMillis,
    long cancelledAtMillis,
    @Nullable End end)
    implements MemberMessage {
  private static final long OTHER_BYTES = 800;

  /**
   * How it ended.
   *
   * @param output the file of the answers; absent if there are none
   * @param errors the file of what was not answered; absent if all was
   * @param problem why nothing was asked, such as a file that cannot be read, or why what was
   *     answered is not kept; empty if all went well
   */
  public record End(
      int answered,
      int failed,
      @Nullable String output,
      @Nullable String errors,
      String problem,
      long atMillis)
      implements MemberMessage {}

  /** The most that it takes in a message. */
  long bytesInMessage() {
    long characters = 0;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      characters += entry.getKey().length() + entry.getValue().length() + 4;
    }
    return OTHER_BYTES
        + Fitting.CHARACTER_BYTES * (characters + (end == null ? 0 : end.problem().length()));
  }

  StoredBatch cancelled(long whenMillis) {
    return new StoredBatch(
        id, tenant, endpoint, input, content, metadata, atMillis, whenMillis, end);
  }

  StoredBatch ended(End how) {
    return new StoredBatch(
        id, tenant, endpoint, input, content, metadata, atMillis, cancelledAtMillis, how);
  }

  /** Whether its owner wants no more of it. */
  public boolean isUnwanted() {
    return cancelledAtMillis > 0;
  }
}
